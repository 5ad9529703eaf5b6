import { beforeAll, describe, expect, it } from "vitest";
import { deployment } from "./fixture.ts";
import { stack, synthesizeStacks } from "./synthesized.ts";
import { allowed, type Statement, wiringOf } from "./wiring.ts";

const model = (region: string, name: string) => `arn:<AWS::Partition>:bedrock:${region}::foundation-model/${name}`;
const profile = (region: string, name: string) =>
  `arn:<AWS::Partition>:bedrock:${region}:<AWS::AccountId>:inference-profile/${name}`;
const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const nova = "amazon.nova-lite-v1:0";

const denied = (statements: Statement[]) => statements.filter(({ Effect }) => Effect === "Deny");
const bedrock = (statements: Statement[]) =>
  statements.filter(({ Action }) => Action.some((action) => action.startsWith("bedrock:")));

describe("what a Bedrock lane may invoke", () => {
  let statementsOf: (lane: string) => Statement[];

  beforeAll(() => {
    const { functions } = wiringOf(stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1"));
    statementsOf = (lane) => bedrock(functions.get(`invoke ${lane}`)?.statements ?? []);
  });

  it("is an in-region deployment's model in its region, never through an inference profile", () => {
    const statements = statementsOf("bedrock-us-east-1-restricted");

    expect(allowed(statements, "bedrock:InvokeModel")).toEqual([model("us-east-1", nova)]);
    expect(statements[0]?.Condition).toEqual({ Null: { "bedrock:InferenceProfileArn": "true" } });
    expect(denied(statements)).toMatchObject([
      { NotResource: [model("us-east-1", nova)] },
      { Resource: ["arn:<AWS::Partition>:bedrock:*:*:inference-profile/*"] },
      { Resource: ["*"], Condition: { StringNotEquals: { "aws:RequestedRegion": ["us-east-1"] } } },
    ]);
  });

  it("is a geographic profile by name, and its model in the profile's regions through that profile only", () => {
    const statements = statementsOf("bedrock-eu-central-1-general");
    const regions = ["eu-central-1", "eu-west-1", "eu-west-3"];
    const eu = profile("eu-central-1", `eu.${haiku}`);

    expect(allowed(statements, "bedrock:InvokeModel")).toEqual([eu, ...regions.map((region) => model(region, haiku))]);
    expect(statements[1]?.Condition).toEqual({ ArnEquals: { "bedrock:InferenceProfileArn": eu } });
    expect(denied(statements)).toMatchObject([
      { NotResource: [eu, ...regions.map((region) => model(region, haiku))] },
      { Resource: ["*"], Condition: { StringNotEquals: { "aws:RequestedRegion": regions } } },
    ]);
  });

  it("is a global profile's model in no region by name", () => {
    const name = "haiku-global";
    const chain = [{ use: name }];
    const everywhere = deployment({
      name,
      provider: "bedrock",
      model: `global.${haiku}`,
      region: "us-west-2",
      inferenceProfile: "global",
      destinations: ["*"],
    });
    const tiers = { lightweight: chain, standard: chain, capable: chain };
    const stacks = synthesizeStacks({ regions: ["us-east-1"], deployments: { [name]: everywhere }, tiers });
    const { functions } = wiringOf(stack(stacks, "Switchyard-us-east-1"));

    const statements = bedrock(functions.get("invoke bedrock-us-west-2-general")?.statements ?? []);

    expect(allowed(statements, "bedrock:InvokeModel")).toEqual([
      profile("us-west-2", `global.${haiku}`),
      model("us-west-2", haiku),
      model("", haiku),
    ]);
    expect(denied(statements).at(-1)?.Condition).toEqual({
      StringNotEquals: { "aws:RequestedRegion": ["us-west-2", "unspecified"] },
    });
  });
});
