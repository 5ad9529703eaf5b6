import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { deployment } from "./fixture.ts";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";
import { Document, type LambdaFunctionOf, type Statement, wiringOf } from "./wiring.ts";

const Endpoint = z.object({
  ServiceName: z.string(),
  VpcEndpointType: z.enum(["Gateway", "Interface"]),
  PolicyDocument: Document,
  PrivateDnsEnabled: z.boolean().optional(),
  RouteTableIds: z.array(z.string()).default([]),
  SubnetIds: z.array(z.string()).default([]),
});
const Rule = z.object({
  IpProtocol: z.string(),
  FromPort: z.number(),
  ToPort: z.number(),
  CidrIp: z.string().optional(),
  DestinationPrefixListId: z.string().optional(),
  SourceSecurityGroupId: z.string().optional(),
});
const SecurityGroup = z.object({
  SecurityGroupIngress: z.array(Rule).default([]),
  SecurityGroupEgress: z.array(Rule).default([]),
});

const restrictedRoles = "arn:<AWS::Partition>:iam::<AWS::AccountId>:role/switchyard/us-east-1/restricted/*";

describe("an isolated network", () => {
  let virginia: Synthesized;
  let open: Synthesized;
  let functions: Map<string, LambdaFunctionOf>;
  const ofType = (type: string) => virginia.resources.filter((each) => each.type === type);
  const endpoints = () =>
    new Map(
      ofType("AWS::EC2::VPCEndpoint").map(({ id, properties }) => {
        const endpoint = Endpoint.parse(properties);
        return [endpoint.ServiceName.replace("com.amazonaws.us-east-1.", ""), { id, ...endpoint }];
      }),
    );
  const denies = (name: string): Statement[] =>
    functions.get(name)?.statements.filter(({ Effect }) => Effect === "Deny") ?? [];

  beforeAll(() => {
    // A model of the region's own beside one through a profile, in one lane.
    const us = deployment({
      name: "nova-us",
      provider: "bedrock",
      model: "us.amazon.nova-lite-v1:0",
      region: "us-east-1",
      inferenceProfile: "us",
      destinations: ["us-east-1", "us-east-2", "us-west-2"],
    });
    const gpt = deployment({
      name: "gpt-mini",
      provider: "openai",
      model: "gpt-4o-mini",
      baseUrl: "https://api.openai.com/v1",
      secret: "switchyard/openai",
    });
    const isolated = synthesizeStacks({ ...withDeployments([us, gpt]), network: "isolated", regions: ["us-east-1"] });
    virginia = stack(isolated, "Switchyard-us-east-1");
    open = stack(synthesizeStacks({ ...withDeployments([us, gpt]), regions: ["us-east-1"] }), "Switchyard-us-east-1");
    functions = wiringOf(virginia).functions;
  });

  it("is not there unless the configuration asks for it", () => {
    expect(open.resources.filter(({ type }) => type.startsWith("AWS::EC2::"))).toEqual([]);
    expect(JSON.stringify(open)).not.toMatch(/SourceVpce|VpcConfig|ec2:/);
  });

  it("has the restricted fallback and the restricted lanes whose models are of its region inside, and nothing else", () => {
    const inside = virginia.resources
      .filter(({ type, properties }) => type === "AWS::Lambda::Function" && properties.VpcConfig !== undefined)
      .map(({ properties }) => functionName(properties));

    expect(inside.sort()).toEqual(["fallback restricted", "invoke bedrock-us-east-1-restricted"]);
    expect([...functions.keys()]).toEqual(
      expect.arrayContaining([
        "invoke bedrock-eu-central-1-restricted",
        expect.stringMatching(/^invoke openai-.*-restricted$/),
      ]),
    );
  });

  it("has two zones, one route table without a route of its own, and no way to the internet", () => {
    const zones = ofType("AWS::EC2::Subnet").map(({ properties }) => properties.AvailabilityZoneId);
    const types = new Set(virginia.resources.map(({ type }) => type).filter((type) => type.startsWith("AWS::EC2::")));

    expect(zones).toEqual(["use1-az1", "use1-az2"]);
    expect([...types].sort()).toEqual([
      "AWS::EC2::FlowLog",
      "AWS::EC2::RouteTable",
      "AWS::EC2::SecurityGroup",
      "AWS::EC2::SecurityGroupEgress",
      "AWS::EC2::Subnet",
      "AWS::EC2::SubnetRouteTableAssociation",
      "AWS::EC2::VPC",
      "AWS::EC2::VPCEndpoint",
    ]);
    expect(ofType("AWS::EC2::RouteTable")).toHaveLength(1);
    expect(ofType("AWS::EC2::SubnetRouteTableAssociation")).toHaveLength(2);
  });

  it("lets functions out on 443 to S3, DynamoDB and the endpoints, and nobody in", () => {
    const groups = ofType("AWS::EC2::SecurityGroup").map(({ properties }) => SecurityGroup.parse(properties));
    const [inside, around] = groups;

    expect(groups).toHaveLength(2);
    expect(inside?.SecurityGroupIngress).toEqual([]);
    expect(inside?.SecurityGroupEgress).toMatchObject([
      { IpProtocol: "tcp", FromPort: 443, ToPort: 443, DestinationPrefixListId: "pl-63a5400a" },
      { IpProtocol: "tcp", FromPort: 443, ToPort: 443, DestinationPrefixListId: "pl-02cd2c6b" },
    ]);
    expect(inside?.SecurityGroupEgress.some(({ CidrIp }) => CidrIp !== undefined)).toBe(false);
    expect(ofType("AWS::EC2::SecurityGroupEgress").map(({ properties }) => properties)).toMatchObject([
      {
        IpProtocol: "tcp",
        FromPort: 443,
        ToPort: 443,
        DestinationSecurityGroupId: expect.stringContaining("Endpoints"),
      },
    ]);
    expect(around?.SecurityGroupIngress).toMatchObject([
      { IpProtocol: "tcp", FromPort: 443, ToPort: 443, SourceSecurityGroupId: expect.stringContaining("Functions") },
    ]);
    expect(around?.SecurityGroupEgress).toMatchObject([{ IpProtocol: "icmp", CidrIp: "255.255.255.255/32" }]);
  });

  it("reaches the four services that its functions call", () => {
    expect([...endpoints()].map(([service, { VpcEndpointType }]) => `${service} ${VpcEndpointType}`)).toEqual([
      "s3 Gateway",
      "dynamodb Gateway",
      "sqs Interface",
      "bedrock-runtime Interface",
    ]);
    for (const { VpcEndpointType, PrivateDnsEnabled, SubnetIds, RouteTableIds } of endpoints().values()) {
      expect([PrivateDnsEnabled ?? false, SubnetIds.length, RouteTableIds.length]).toEqual(
        VpcEndpointType === "Interface" ? [true, 2, 0] : [false, 0, 1],
      );
    }
  });

  it("lets restricted roles of its own stack through each endpoint, for no action and nothing by wildcard", () => {
    for (const { PolicyDocument } of endpoints().values()) {
      for (const { Effect, Action, Resource, Principal, Condition } of PolicyDocument.Statement) {
        expect({ Effect, Principal, Condition }).toEqual({
          Effect: "Allow",
          Principal: "*",
          Condition: { ArnLike: { "aws:PrincipalArn": restrictedRoles } },
        });
        expect(Action.filter((action) => action.includes("*"))).toEqual([]);
        for (const resource of Resource) expect(resource).toMatch(/^[^*]+(\.Arn>\/[a-z]+\/\*)?$/);
      }
    }
  });

  it("lets through what the roles inside may do, and nothing that none of them may do", () => {
    const inside = ["fallback restricted", "invoke bedrock-us-east-1-restricted"];
    const granted = (prefix: string) =>
      new Set(
        inside.flatMap((name) =>
          (functions.get(name)?.statements ?? [])
            .filter(({ Effect }) => Effect === "Allow")
            .flatMap((statement) => grants(statement).filter((grant) => grant.startsWith(prefix))),
        ),
      );
    const passed = (service: string) =>
      new Set(
        endpoints()
          .get(service)
          ?.PolicyDocument.Statement.flatMap((statement) => grants(statement)),
      );

    expect(passed("s3")).toEqual(granted("s3:"));
    expect(passed("dynamodb")).toEqual(granted("dynamodb:"));
    expect(passed("bedrock-runtime")).toEqual(granted("bedrock:"));
    const sends = new Set([...granted("sqs:SendMessage")].map((grant) => queueOf(virginia, grant)));
    expect(new Set([...passed("sqs")].map((grant) => queueOf(virginia, grant)))).toEqual(sends);
  });

  it("gives Lambda the right to make interfaces, and denies it to the function's own code", () => {
    const lane = functions.get("invoke bedrock-us-east-1-restricted")?.statements ?? [];
    const allowedActions = lane
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith("ec2:"));

    const denied = lane.find(
      ({ Effect, Action }) => Effect === "Deny" && Action.some((each) => each.startsWith("ec2:")),
    );
    expect(denied).toMatchObject({ Resource: ["*"], Condition: { Null: { "lambda:SourceFunctionArn": "false" } } });
    expect(denied?.Action.toSorted()).toEqual(allowedActions.toSorted());
    expect(allowedActions).toContain("ec2:CreateNetworkInterface");
  });

  it.each(["fallback restricted", "invoke bedrock-us-east-1-restricted"])(
    "denies to the role of %s what its code calls from anywhere else, and nothing that Lambda, S3 or SQS do for it",
    (name) => {
      const through = [...endpoints().values()].map(({ id }) => `<${id}>`);
      const outside = denies(name).filter(
        ({ Condition }) => Condition.StringNotEquals?.["aws:SourceVpce"] !== undefined,
      );
      const denied = new Set(outside.flatMap(({ Action }) => Action));

      for (const { Condition } of outside) {
        expect(Condition.StringNotEquals).toEqual({ "aws:SourceVpce": through });
      }
      const work = (functions.get(name)?.statements ?? [])
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => Action)
        .filter((action) => !/^(ec2|kms|logs):/.test(action));
      expect(work.filter((action) => !denied.has(action)).sort()).toEqual([
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
      ]);
      expect([...denied].filter((action) => /^(ec2|kms|logs):/.test(action))).toEqual([]);
    },
  );

  it("does not deny the model that Bedrock asks for in each region when it is called by way of a profile", () => {
    const ofModels = denies("invoke bedrock-us-east-1-restricted").filter(
      ({ Action, Condition }) =>
        Action.includes("bedrock:InvokeModel") && Condition.StringNotEquals?.["aws:SourceVpce"],
    );

    expect(ofModels.map(({ Resource, Condition }) => [Resource, Condition.Null])).toEqual([
      [
        ["arn:<AWS::Partition>:bedrock:us-east-1:<AWS::AccountId>:inference-profile/us.amazon.nova-lite-v1:0"],
        undefined,
      ],
      [
        ["arn:<AWS::Partition>:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"],
        { "bedrock:InferenceProfileArn": "true" },
      ],
    ]);
  });

  it("has no endpoint for models where no lane runs inside", () => {
    const elsewhere = stack(synthesizeStacks({ network: "isolated", regions: ["eu-west-1"] }), "Switchyard-eu-west-1");

    const services = elsewhere.resources
      .filter(({ type }) => type === "AWS::EC2::VPCEndpoint")
      .map(({ properties }) => Endpoint.parse(properties).ServiceName);
    expect(services).toEqual(["s3", "dynamodb", "sqs"].map((service) => `com.amazonaws.eu-west-1.${service}`));
  });
});

function withDeployments(more: ReturnType<typeof deployment>[]) {
  const eu = deployment({
    name: "nova-eu",
    provider: "bedrock",
    model: "amazon.nova-lite-v1:0",
    region: "eu-central-1",
    inferenceProfile: "in-region",
  });
  const home = { ...eu, name: "nova-home", region: "us-east-1", destinations: ["us-east-1"] };
  const all = [home, eu, ...more];
  const chain = all.map(({ name }) => ({ use: name }));
  return {
    deployments: Object.fromEntries(all.map((each) => [each.name, each])),
    tiers: { lightweight: chain, standard: chain, capable: chain },
  };
}

const Named = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }) });

function functionName(properties: Record<string, unknown>): string {
  const { LANE, ZONE } = Named.parse(properties).Environment.Variables;
  return LANE === undefined ? `fallback ${ZONE}` : `invoke ${LANE}`;
}

/** `s3:GetObject <bucket>/payloads/*`, one for each action and resource. */
function grants({ Action, Resource }: Statement): string[] {
  return Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`));
}

/** The queue's name, however the policy names the queue. */
function queueOf({ resources }: Synthesized, grant: string): string {
  const id = /<([A-Za-z0-9]+)\.Arn>$/.exec(grant)?.[1];
  const name = resources.find((each) => each.id === id)?.properties.QueueName ?? grant.split(":").at(-1);
  return String(name);
}
