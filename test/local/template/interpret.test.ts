import { describe, expect, it } from "vitest";
import { interpretTemplate } from "../../../lib/local/template/interpret.ts";
import { Template } from "../../../lib/local/template/template.ts";

const target = { region: "eu-central-1", stackName: "S", endpoint: "http://127.0.0.1:1" };
const interpret = (template: unknown) => interpretTemplate(Template.parse(template), target);
const output = (value: unknown, rest: object = {}) =>
  interpret({ Resources: {}, ...rest, Outputs: { Out: { Value: value } } }).outputs.Out;
const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "q" } };

describe("interpretTemplate", () => {
  it.each([
    [
      "pseudo-parameters",
      { "Fn::Join": [":", [{ Ref: "AWS::Partition" }, { Ref: "AWS::Region" }, { Ref: "AWS::AccountId" }]] },
      "aws:eu-central-1:000000000000",
    ],
    [
      "Fn::Sub with a variable, an attribute and a literal",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own.
      { "Fn::Sub": ["${V}-${Q.Arn}-${!x}", { V: "v" }] },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own.
      "v-arn:aws:sqs:eu-central-1:000000000000:q-${x}",
    ],
    ["Fn::Select of Fn::Split", { "Fn::Select": [5, { "Fn::Split": [":", { "Fn::GetAtt": ["Q", "Arn"] }] }] }, "q"],
    ["Ref of a queue as its URL", { Ref: "Q" }, "http://127.0.0.1:1/000000000000/q"],
    ["Ref of a parameter as its default", { Ref: "P" }, "d"],
    ["Fn::If by a condition", { "Fn::If": ["Here", "yes", "no"] }, "yes"],
  ])("resolves %s", (_what, value, expected) => {
    const template = {
      Resources: { Q: queue },
      Parameters: { P: { Type: "String", Default: "d" } },
      Conditions: {
        Here: { "Fn::And": [{ Condition: "InEurope" }, { "Fn::Not": [{ "Fn::Equals": ["a", "b"] }] }] },
        InEurope: { "Fn::Or": [{ "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] }] },
      },
    };

    expect(output(value, template)).toBe(expected);
  });

  it("creates what others refer to first, whatever the order in the template", () => {
    const { resources } = interpret({
      Resources: {
        Source: {
          Type: "AWS::SQS::Queue",
          Properties: { RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 3 } },
        },
        Dead: { Type: "AWS::SQS::Queue", Properties: {}, DependsOn: ["Topic"] },
        Topic: { Type: "AWS::SNS::Topic", Properties: {} },
      },
    });

    expect(resources.map(({ logicalId }) => logicalId)).toEqual(["Topic", "Dead", "Source"]);
  });

  it("leaves out what is AWS::NoValue and what a false condition excludes", () => {
    const { resources } = interpret({
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: {
        Q: { Type: "AWS::SQS::Queue", Properties: { DelaySeconds: { Ref: "AWS::NoValue" }, VisibilityTimeout: 5 } },
        Other: { ...queue, Condition: "Never" },
      },
    });

    expect(resources.map(({ logicalId, properties }) => [logicalId, properties])).toEqual([
      ["Q", { VisibilityTimeout: 5 }],
    ]);
  });

  it("generates the same name on every start, and lower case for buckets", () => {
    const template = { Resources: { Bucket: { Type: "AWS::S3::Bucket", Properties: {} } } };

    const [first] = interpret(template).resources;
    const [second] = interpret(template).resources;

    expect(first?.name).toBe(second?.name);
    expect(first?.name).toMatch(/^s-bucket-[0-9a-f]{8}$/);
  });

  it("gives ids and attributes of what needs nothing here", () => {
    const resources = {
      Key: { Type: "AWS::KMS::Key", Properties: {} },
      Role: { Type: "AWS::IAM::Role", Properties: {} },
    };

    expect(output({ "Fn::GetAtt": ["Key", "Arn"] }, { Resources: resources })).toMatch(
      /^arn:aws:kms:eu-central-1:0{12}:key\//,
    );
    expect(output({ "Fn::GetAtt": ["Role", "Arn"] }, { Resources: resources })).toMatch(
      /^arn:aws:iam::0{12}:role\/S-Role-/,
    );
  });

  it.each([
    ["a resource type", { Resources: { Odd: { Type: "Custom::Thing", Properties: {} } } }, /^Odd: .*Custom::Thing/],
    [
      "an attribute",
      { Resources: { Q: queue, B: { ...queue, Properties: { QueueName: { "Fn::GetAtt": ["Q", "Size"] } } } } },
      /^B\.Properties\.QueueName: attribute Size of Q/,
    ],
    [
      "an intrinsic",
      { Resources: { Q: { ...queue, Properties: { QueueName: { "Fn::ImportValue": "x" } } } } },
      /^Q\.Properties\.QueueName: Fn::ImportValue/,
    ],
    [
      "a logical id",
      { Resources: { Q: { ...queue, Properties: { QueueName: { Ref: "Nobody" } } } } },
      /^Q\.Properties\.QueueName: there is no resource or parameter Nobody/,
    ],
    [
      "a wrong reference in a policy",
      {
        Resources: {
          P: {
            Type: "AWS::IAM::Policy",
            Properties: { PolicyDocument: { Statement: [{ Resource: { "Fn::GetAtt": ["Gone", "Arn"] } }] } },
          },
        },
      },
      /^P\.Properties\.PolicyDocument/,
    ],
  ])("refuses %s that it does not know, naming the logical id", (_what, template, message) => {
    expect(() => interpret(template)).toThrow(message);
  });

  it("refuses resources that depend on each other in a circle", () => {
    const circle = { A: { ...queue, DependsOn: "B" }, B: { ...queue, DependsOn: ["A"] } };

    expect(() => interpret({ Resources: circle })).toThrow(/A → B → A/);
  });
});
