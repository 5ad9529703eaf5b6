import { createReadStream } from "node:fs";
import type { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { batchId } from "../../core/batch-id.ts";
import { sha256 } from "../../runtime/ids.ts";
import type { BatchFile } from "./batch-file.ts";

export type Uploaded = { id: string; key: string };

/** Puts a file under `uploads/`, which starts its batch; the same file uploaded again is another batch. */
export async function uploadBatch(
  file: BatchFile,
  to: { s3: S3Client; bucket: string },
  options: { metadata: Record<string, string>; unique: string },
): Promise<Uploaded> {
  const key = `uploads/${options.unique}/${file.name.replaceAll(/[^A-Za-z0-9._-]/g, "-")}`;
  const upload = new Upload({
    client: to.s3,
    params: {
      Bucket: to.bucket,
      Key: key,
      Body: createReadStream(file.path),
      ContentType: "application/jsonl",
      Metadata: options.metadata,
    },
  });
  const { ETag: etag } = await upload.done();
  if (etag === undefined) throw new Error(`${key} was uploaded, and the answer has no ETag.`);
  return { id: batchId(key, etag, sha256), key };
}

/** Part of an upload's key that no other upload has, behind a prefix; sorts by time. */
export function uniqueUploadName(nowMs: number, random: string, prefix = ""): string {
  const under = prefix === "" ? "" : `${prefix.replace(/\/$/, "")}/`;
  return `${under}${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}-${random.slice(0, 8)}`;
}
