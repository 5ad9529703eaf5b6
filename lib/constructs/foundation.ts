import type { Code } from "aws-cdk-lib/aws-lambda";
import type { FunctionName } from "../bundle/function-name.ts";
import type { Policy } from "../core/configuration/document.ts";
import type { Keys } from "./keys.ts";
import type { Queues } from "./queues.ts";
import type { Storage } from "./storage.ts";

/** What every function of a stack is built on. */
export type Foundation = {
  policy: Policy;
  code: Record<FunctionName, Code>;
  keys: Keys;
  storage: Storage;
  queues: Queues;
};

/** The environment that every function has. */
export function commonEnvironment({ storage }: Foundation): Record<string, string> {
  return { TABLE_NAME: storage.table.tableName, POLICY_BUCKET: storage.policies.bucketName };
}
