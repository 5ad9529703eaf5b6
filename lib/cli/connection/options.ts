import type { Command } from "commander";
import * as z from "zod";

const Endpoint = z.url({ protocol: /^https?$/, error: "must be a URL such as http://127.0.0.1:4566" });

/** The flags that say where Switchyard runs; without them it is found. */
export const ConnectionOptions = z.object({
  region: z.string().optional(),
  stack: z.string().optional(),
  endpoint: Endpoint.optional(),
  dynamodbEndpoint: Endpoint.optional(),
  jobsQueueUrl: z.string().optional(),
  bucket: z.string().optional(),
  table: z.string().optional(),
  generalBucket: z.string().optional(),
  restrictedBucket: z.string().optional(),
  policyBucket: z.string().optional(),
  sweepFunction: z.string().optional(),
});
export type ConnectionOptions = z.infer<typeof ConnectionOptions>;

/** A name of the stack's, with the flag that gives it and the stack output that has it. */
export const names = {
  jobsQueueUrl: { flag: "--jobs-queue-url", output: "JobsQueueUrl" },
  bucket: { flag: "--bucket", output: "IntakeBucket" },
  table: { flag: "--table", output: "TableName" },
  generalBucket: { flag: "--general-bucket", output: "GeneralBucket" },
  restrictedBucket: { flag: "--restricted-bucket", output: "RestrictedBucket" },
  policyBucket: { flag: "--policy-bucket", output: "PolicyBucket" },
  sweepFunction: { flag: "--sweep-function", output: "SweepFunctionName" },
} as const;
export type Name = keyof typeof names;

const howFound = `
Where Switchyard is found, first that applies:
  1. the names given as flags
  2. AWS_ENDPOINT_URL, with the names as flags
  3. .switchyard/local.json, which "npx switchyard local" writes in its working directory
  4. the outputs of the CloudFormation stack Switchyard-<region>`;

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--region <region>", "region of the stack (default: AWS_REGION, or the AWS profile's)")
    .option("--stack <name>", "name of the CloudFormation stack (default: Switchyard-<region>)")
    .option("--endpoint <url>", "endpoint of the AWS services (default: AWS_ENDPOINT_URL, else AWS itself)")
    .option("--dynamodb-endpoint <url>", "endpoint of DynamoDB, where it has its own")
    .option("--bucket <name>", "intake bucket, with uploads/ and results/")
    .option("--table <name>", "DynamoDB table")
    .option("--jobs-queue-url <url>", "queue for single jobs")
    .option("--general-bucket <name>", "bucket of the general zone")
    .option("--restricted-bucket <name>", "bucket of the restricted zone")
    .option("--policy-bucket <name>", "bucket of compiled configurations")
    .option("--sweep-function <name>", "the function sweep")
    .addHelpText("after", howFound);
}
