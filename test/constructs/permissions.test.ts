import { beforeAll, describe, expect, it } from "vitest";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";
import { actionsOf, allowed, policyStatements, wiringOf } from "./wiring.ts";

describe("roles of a stack", () => {
  let virginia: Synthesized;
  let wiring: ReturnType<typeof wiringOf>;

  beforeAll(() => {
    virginia = stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1");
    wiring = wiringOf(virginia);
  });

  it("allow no action by wildcard", () => {
    const managed = virginia.resources.filter(({ type }) => type === "AWS::IAM::ManagedPolicy");
    const actions = [
      ...[...wiring.functions.values()].flatMap(({ statements }) => actionsOf(statements)),
      ...managed.flatMap(({ id }) =>
        actionsOf(policyStatements(virginia, "AWS::IAM::ManagedPolicy", new RegExp(`^${id}$`))),
      ),
    ];

    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(actions.length).toBeGreaterThan(100);
  });

  it("allow no resource by wildcard but a key prefix of one bucket", () => {
    for (const { statements } of wiring.functions.values()) {
      const resources = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Resource }) => Resource);
      for (const resource of resources.filter((each) => each.includes("*"))) {
        expect(resource).toMatch(/^<Storage(Intake|General|Restricted|Policies)[0-9A-F]+\.Arn>\/[a-z]+\/\*$/);
      }
    }
  });

  it("publish a policy only from plan, classify and sweep", () => {
    const publishers = [...wiring.functions.values()].filter(({ statements }) =>
      allowed(statements, "s3:PutObject").some((resource) => resource.includes("StoragePolicies")),
    );

    expect(publishers.map(({ name }) => name).sort()).toEqual(["classify", "plan", "sweep"]);
  });

  it("let who cancels change the items of batches, and nothing else", () => {
    const canceller = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessCanceller/);

    const writing = canceller.filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")));

    expect(writing).toMatchObject([
      {
        Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
        Condition: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["BATCH#*"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      },
    ]);
    expect(actionsOf(canceller).filter((action) => !action.startsWith("dynamodb:"))).toEqual([
      "cloudformation:DescribeStacks",
    ]);
  });

  it("let who operates change cooldowns and batches, read policies and where chunks begin, and no prompt", () => {
    const operator = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessOperator/);

    const onTable = operator.filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")));

    const keys = (...patterns: string[]) => ({
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
    expect(onTable).toMatchObject([
      { Action: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], Condition: keys("COOLDOWN#*") },
      { Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"], Condition: keys("BATCH#*", "CHUNK#*") },
      { Action: ["dynamodb:GetItem"], Condition: keys("POLICY") },
      { Action: ["dynamodb:Query"], Condition: keys("BUDGET#*", "BATCHES#*") },
      { Action: ["dynamodb:BatchGetItem"], Condition: keys("BATCH#*") },
    ]);
    expect(allowed(operator, "s3:GetObject")).toEqual([
      expect.stringMatching(/^<StoragePolicies.*\/policies\/\*$/),
      expect.stringMatching(/^<StorageIntake.*\/plans\/\*\/chunks\.jsonl$/),
    ]);
    expect(allowed(operator, "sqs:SendMessage")).toEqual(
      ["Uploads", "Chunks", "Collect"].map((name) =>
        expect.stringMatching(new RegExp(`^<Queues${name}[0-9A-F]+\\.Arn>$`)),
      ),
    );
    expect(allowed(operator, "lambda:InvokeFunction")).toEqual([expect.stringMatching(/^<SweepFunction.*\.Arn>$/)]);
    expect(actionsOf(operator).filter((action) => /Put|Receive|Delete|Scan/.test(action))).toEqual([]);
    expect(JSON.stringify(operator)).not.toMatch(/<(Keys|Storage)(General|Restricted)/);
  });

  it("let who publishes change which policy is current and write policies, and nothing else", () => {
    const publisher = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessPublisher/);

    const onTable = publisher.filter(({ Action }) => Action.some((action) => action.startsWith("dynamodb:")));

    expect(onTable).toMatchObject([
      {
        Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
        Condition: {
          "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["POLICY"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      },
    ]);
    for (const action of ["s3:GetObject", "s3:PutObject"])
      expect(allowed(publisher, action)).toEqual([expect.stringMatching(/^<StoragePolicies.*\/policies\/\*$/)]);
  });

  it("of producers write uploads and jobs and read nothing; of readers read results", () => {
    const producer = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessProducer/);
    const reader = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessReader/);

    expect(allowed(producer, "s3:PutObject")).toEqual([expect.stringMatching(/^<StorageIntake.*\/uploads\/\*$/)]);
    expect(allowed(producer, "sqs:SendMessage")).toEqual([expect.stringMatching(/^<QueuesJobs[0-9A-F]+\.Arn>$/)]);
    expect(actionsOf(producer)).not.toContain("s3:GetObject");
    expect(allowed(reader, "s3:GetObject")).toEqual([expect.stringMatching(/^<StorageIntake.*\/results\/\*$/)]);
    expect(actionsOf(reader).filter((action) => /Put|Update|Delete|Send/.test(action))).toEqual([]);
  });
});

describe("the managed policy of a tenant", () => {
  it("writes under its own prefix only, and sends jobs only if its senders are known", () => {
    const tenants = { acme: { uploads: "acme/eu/", senders: [] }, "other-one": { senders: ["AROAEXAMPLEEXAMPLE"] } };
    const virginia = stack(synthesizeStacks({ regions: ["us-east-1"], tenants }), "Switchyard-us-east-1");
    const acme = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessProduceracme/);
    const other = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessProducerotherone/);

    expect(allowed(acme, "s3:PutObject")).toEqual([expect.stringMatching(/^<StorageIntake.*\/uploads\/acme\/eu\/\*$/)]);
    expect(actionsOf(acme)).not.toContain("sqs:SendMessage");
    expect(allowed(other, "sqs:SendMessage")).toEqual([expect.stringMatching(/^<QueuesJobs/)]);
    expect(actionsOf(other)).not.toContain("s3:PutObject");
    expect(Object.keys(virginia.outputs)).toEqual(
      expect.arrayContaining(["ProducerPolicyArnAcme", "ProducerPolicyArnOtherOne"]),
    );
  });
});
