import type { LocalFile } from "../connection/local-file.ts";
import type { Target } from "../connection/resolve-target.ts";
import type { LocalStack } from "./start-local-stack.ts";

/** What `.switchyard/local.json` says of a stack on this machine. */
export function localFileOf({ engine, output }: LocalStack): LocalFile {
  return {
    endpoint: engine.endpoint,
    dynamodbEndpoint: engine.dynamodbEndpoint,
    region: engine.region,
    jobsQueueUrl: output("JobsQueueUrl"),
    bucket: output("IntakeBucket"),
    table: output("TableName"),
    generalBucket: output("GeneralBucket"),
    restrictedBucket: output("RestrictedBucket"),
    policyBucket: output("PolicyBucket"),
  };
}

/** Where the CLI's own clients find it. */
export function engineTarget(stack: LocalStack): Target {
  const file = localFileOf(stack);
  const { region, endpoint, dynamodbEndpoint } = file;
  return { kind: "local", region, endpoint, dynamodbEndpoint, name: (name) => file[name] };
}
