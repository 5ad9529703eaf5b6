import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const stackName = "Fixture-eu-central-1";

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown>; [key: string]: unknown }>;

/** A synthesized assembly of one stack in a temporary directory, made as `cdk synth` would. */
export function writeAssembly(options: {
  resources: Resources;
  outputs?: Record<string, { Value: unknown }>;
  /** Source of `index.mjs` by asset name; a function's code is `code(name)`. */
  bundles?: Record<string, string>;
}): { assemblyDirectory: string; stackName: string; stateDirectory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-engine-"));
  const assemblyDirectory = join(directory, "cdk.out");
  mkdirSync(assemblyDirectory);
  const files: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(options.bundles ?? {})) {
    mkdirSync(join(assemblyDirectory, `asset.${name}`));
    writeFileSync(join(assemblyDirectory, `asset.${name}`, "index.mjs"), source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: "zip" },
      destinations: { current: { bucketName: "assets", objectKey: `${name}.zip` } },
    };
  }
  const json = (name: string, content: unknown): void =>
    writeFileSync(join(assemblyDirectory, name), JSON.stringify(content));
  json("stack.template.json", {
    Parameters: { BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/version" } },
    Rules: { CheckBootstrapVersion: { Assertions: [] } },
    Resources: { Everything: roleResource([{ Effect: "Allow", Action: "*", Resource: "*" }]), ...options.resources },
    Outputs: options.outputs ?? {},
  });
  json("stack.assets.json", { version: "48.0.0", files });
  json("manifest.json", {
    version: "48.0.0",
    artifacts: {
      "Fixture.assets": { type: "cdk:asset-manifest", properties: { file: "stack.assets.json" } },
      [stackName]: {
        type: "aws:cloudformation:stack",
        environment: "aws://unknown-account/eu-central-1",
        properties: { templateFile: "stack.template.json" },
        dependencies: ["Fixture.assets"],
      },
      Tree: { type: "cdk:tree", properties: { file: "tree.json" } },
    },
  });
  return {
    assemblyDirectory,
    stackName,
    stateDirectory: join(directory, "state"),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A role for functions. */
export function roleResource(statements: Record<string, unknown>[]): Resources[string] {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      },
      Policies: [{ PolicyName: "work", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
    },
  };
}

/** A function resource whose code is the bundle of that name; it may do everything, unless it is given another role. */
export function functionResource(bundle: string, properties: Record<string, unknown> = {}): Resources[string] {
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      FunctionName: bundle,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own.
      Code: { S3Bucket: { "Fn::Sub": "assets-${AWS::AccountId}-${AWS::Region}" }, S3Key: `${bundle}.zip` },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Role: { "Fn::GetAtt": ["Everything", "Arn"] },
      Timeout: 5,
      MemorySize: 256,
      ...properties,
    },
  };
}

/** An event source from a queue to a function of the same template. */
export function mappingResource(
  queue: string,
  target: string,
  properties: Record<string, unknown> = {},
): Resources[string] {
  return {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      EventSourceArn: { "Fn::GetAtt": [queue, "Arn"] },
      FunctionName: { Ref: target },
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ...properties,
    },
  };
}

/** Resolves when the condition holds; rejects when it does not within the time. */
export async function eventually(condition: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error("What was waited for did not happen in time.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
