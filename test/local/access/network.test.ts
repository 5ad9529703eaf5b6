import { afterEach, describe, expect, it } from "vitest";
import { type Engine, startEngine } from "../../../lib/local/engine.ts";
import { functionResource, roleResource, writeAssembly } from "../fixture-assembly.ts";
import { callAs, callerBundle, type SdkCall } from "./caller-bundle.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Principal: "*", Action, Resource });
const endpoint = (service: string, PolicyDocument?: unknown) => ({
  Type: "AWS::EC2::VPCEndpoint",
  Properties: {
    VpcId: { Ref: "Vpc" },
    ServiceName: `com.amazonaws.eu-central-1.${service}`,
    ...(PolicyDocument === undefined ? {} : { PolicyDocument }),
  },
});

/** Two functions of one role, which denies everything that does not come through the endpoints; one of them runs inside. */
async function run(): Promise<Engine> {
  const { remove, ...assembly } = writeAssembly({
    resources: {
      Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/24" } },
      Subnet: { Type: "AWS::EC2::Subnet", Properties: { VpcId: { Ref: "Vpc" }, CidrBlock: "10.0.0.0/25" } },
      S3: endpoint("s3", { Statement: allow("s3:*", "arn:aws:s3:::bytes/in/*") }),
      Sqs: endpoint("sqs"),
      Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "bytes" } },
      Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work" } },
      Role: roleResource([
        { Effect: "Allow", Action: ["s3:*", "sqs:*", "sns:*"], Resource: "*" },
        {
          Effect: "Deny",
          Action: "*",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:SourceVpce": [{ Ref: "S3" }, { Ref: "Sqs" }] } },
        },
      ]),
      Inside: functionResource("inside", {
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        VpcConfig: { SubnetIds: [{ Ref: "Subnet" }], SecurityGroupIds: [] },
      }),
      Outside: functionResource("outside", { Role: { "Fn::GetAtt": ["Role", "Arn"] } }),
    },
    bundles: { inside: callerBundle, outside: callerBundle },
  });
  cleanups.push(remove);
  const engine = await startEngine({ ...assembly, providerEndpoints: {} });
  cleanups.push(engine.stop);
  return engine;
}

const put = (Key: string): SdkCall => ["S3Client", "PutObjectCommand", { Bucket: "bytes", Key, Body: "x" }];
const publish: SdkCall = ["SNSClient", "PublishCommand", { TopicArn: "arn:aws:sns:eu-central-1:0:t", Message: "x" }];

describe("a function inside a VPC", () => {
  it("gets out through the endpoints that the VPC has, as far as their policies let it", async () => {
    const engine = await run();
    const QueueUrl = `${engine.endpoint}/000000000000/work`;
    const send: SdkCall = ["SQSClient", "SendMessageCommand", { QueueUrl, MessageBody: "x" }];

    expect(await callAs(engine, "inside", put("in/k"))).toEqual({ kind: "done" });
    expect(await callAs(engine, "inside", send)).toEqual({ kind: "done" });
    expect(await callAs(engine, "inside", put("out/k"))).toMatchObject({
      message: expect.stringMatching(/because no VPC endpoint policy allows the s3:PutObject action$/),
    });
    expect(await callAs(engine, "inside", publish)).toMatchObject({
      message: expect.stringMatching(
        /no endpoint for com\.amazonaws\.eu-central-1\.sns: on AWS the call would time out$/,
      ),
    });
    expect(engine.denials().map(({ why }) => why)).toEqual([
      "the policy of the endpoint S3 does not let it through",
      "it runs in a VPC that has no endpoint for com.amazonaws.eu-central-1.sns",
    ]);
  });

  it("may do what its role denies from outside", async () => {
    const engine = await run();

    expect(await callAs(engine, "outside", put("in/k"))).toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
    });
  });
});
