import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { hasCode, wrongUse } from "../errors.ts";

/** What `switchyard local` leaves in its working directory, so that other commands and programs find it. */
export const LocalFile = z.object({
  /** Serves all services but DynamoDB. */
  endpoint: z.url(),
  dynamodbEndpoint: z.url(),
  region: z.string(),
  jobsQueueUrl: z.string(),
  /** The intake bucket: `uploads/` and `results/`. */
  bucket: z.string(),
  table: z.string(),
  generalBucket: z.string(),
  restrictedBucket: z.string(),
  policyBucket: z.string(),
  sweepFunction: z.string(),
});
export type LocalFile = z.infer<typeof LocalFile>;

function localFilePath(cwd: string): string {
  return join(cwd, ".switchyard", "local.json");
}

/** The local engine that was started in this directory, if it is running. */
export async function readLocalFile(cwd: string): Promise<LocalFile | undefined> {
  const path = localFilePath(cwd);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return LocalFile.parse(JSON.parse(text));
  } catch {
    throw wrongUse(
      `${path} is not what "npx switchyard local" writes. Delete it, or start "npx switchyard local" here again.`,
    );
  }
}

export async function writeLocalFile(cwd: string, file: LocalFile): Promise<void> {
  const path = localFilePath(cwd);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
}

export async function removeLocalFile(cwd: string): Promise<void> {
  await rm(localFilePath(cwd), { force: true });
}
