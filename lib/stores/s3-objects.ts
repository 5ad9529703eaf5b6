import { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { ObjectStore } from "../core/ports.ts";

/** The least a part of a multipart upload may have; at most 10,000 of them make an object, 50 GB. Source: S3 quotas, "Multipart upload". */
const partBytes = 5 * 1024 * 1024;
/** Parts on their way at once: with the one that fills, this is the memory that a stream of any length takes. */
const partsAtOnce = 2;
/** Small pieces are joined up to this size before they are handed on. */
const pieceBytes = 256 * 1024;

/** The objects of one bucket. Throws when S3 cannot answer, or refuses for another reason than what the port names. */
export function createS3Objects(client: S3Client, bucket: string): ObjectStore {
  const open = async (key: string): Promise<Readable | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return readable(Body);
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };

  return {
    async put(key, body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }));
    },

    async get(key) {
      const body = await open(key);
      if (body === undefined) return undefined;
      const pieces: Buffer[] = [];
      for await (const piece of body) pieces.push(piece);
      return Buffer.concat(pieces).toString("utf8");
    },

    async bytes(key, { range, ifMatch } = {}) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(range === undefined ? {} : { Range: `bytes=${range[0]}-${range[1]}` }),
            ...(ifMatch === undefined ? {} : { IfMatch: quoted(ifMatch) }),
          }),
        );
        return { kind: "found", body: readable(Body) };
      } catch (error) {
        if (error instanceof NoSuchKey) return { kind: "absent" };
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return { kind: "changed" };
        throw error;
      }
    },

    async head(key) {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return { bytes: found.ContentLength ?? 0, etag: found.ETag ?? "", metadata: found.Metadata ?? {} };
      } catch (error) {
        if (error instanceof NotFound || error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },

    async write(key, body, contentType) {
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key: key, Body: Readable.from(joined(body)), ContentType: contentType },
        partSize: partBytes,
        queueSize: partsAtOnce,
      });
      await upload.done();
    },

    async *list(prefix) {
      for await (const { Contents } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, Size, LastModified } of Contents ?? []) {
          if (Key !== undefined) yield { key: Key, bytes: Size ?? 0, modifiedAtMs: LastModified?.getTime() ?? 0 };
        }
      }
    },
  };
}

/** On Node the body of an answer is a stream of its bytes; on no body there are none. */
function readable(body: unknown): Readable {
  return body instanceof Readable ? body : Readable.from([]);
}

async function* joined(pieces: AsyncIterable<string | Uint8Array>): AsyncIterable<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const buffer =
      typeof piece === "string" ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    held.push(buffer);
    bytes += buffer.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  yield Buffer.concat(held);
}

/** An ETag as HTTP writes it; some events carry it bare. */
function quoted(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}
