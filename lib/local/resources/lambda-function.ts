import { existsSync } from "node:fs";
import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { TemplateError } from "../template/template.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  Code: z.object({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string(),
  Role: z.string(),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  LoggingConfig: z
    .object({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(["JSON", "Text"]).optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
    })
    .optional(),
  VpcConfig: z.looseObject({ SubnetIds: z.array(z.string()).default([]) }).optional(),
  // What changes nothing here.
  FunctionName: z.string().optional(),
  Architectures: ignored,
  Description: ignored,
  EphemeralStorage: ignored,
  KmsKeyArn: ignored,
  RecursiveLoop: ignored,
  ReservedConcurrentExecutions: ignored,
  RuntimeManagementConfig: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});

/** A function as the local engine runs it. */
export type LambdaFunction = {
  name: string;
  arn: string;
  /** ARN of the role that it acts under. */
  roleArn: string;
  /** None when it runs outside any VPC of the account. */
  subnetIds: string[];
  /** The bundle. */
  directory: string;
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  variables: Record<string, string>;
  logging: {
    group: string;
    format: "JSON" | "Text";
    applicationLevel: string | undefined;
    systemLevel: string | undefined;
  };
};

/** Reads a function; its code must be among the assembly's assets and run on Node. */
export function lambdaFunction(resource: ResolvedResource, assets: Map<string, string>): LambdaFunction {
  const properties = propertiesOf(resource, Properties);
  const directory = assets.get(properties.Code.S3Key);
  if (directory === undefined || !existsSync(directory)) {
    throw new TemplateError(
      `${resource.logicalId}: its code, ${properties.Code.S3Key}, is not an asset of this assembly. Synthesize again.`,
    );
  }
  if (!properties.Runtime.startsWith("nodejs")) {
    throw new TemplateError(
      `${resource.logicalId}: the local engine runs nodejs functions, not ${properties.Runtime}.`,
    );
  }
  const logging = properties.LoggingConfig;
  return {
    name: resource.name,
    arn: resource.arn ?? "",
    roleArn: properties.Role,
    subnetIds: properties.VpcConfig?.SubnetIds ?? [],
    directory,
    handler: properties.Handler,
    timeoutSeconds: properties.Timeout,
    memoryMb: properties.MemorySize,
    variables: properties.Environment?.Variables ?? {},
    logging: {
      group: logging?.LogGroup ?? `/aws/lambda/${resource.name}`,
      format: logging?.LogFormat ?? "Text",
      applicationLevel: logging?.ApplicationLogLevel,
      systemLevel: logging?.SystemLogLevel,
    },
  };
}
