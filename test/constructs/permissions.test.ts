import { beforeAll, describe, expect, it } from "vitest";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";
import { actionsOf, allowed, policyStatements, wiringOf } from "./wiring.ts";

describe("roles of a stack", () => {
  let virginia: Synthesized;
  let wiring: ReturnType<typeof wiringOf>;
  const side = (name: string) => [...wiring.functions.values()].filter(({ path }) => path.endsWith(`/${name}/`));

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

  it("of the general side name nothing restricted", () => {
    expect(
      side("general")
        .map(({ name }) => name.split(" ")[0])
        .sort(),
    ).toEqual(["fallback", "invoke", "invoke", "invoke"]);

    for (const { statements } of side("general")) {
      expect(JSON.stringify(statements)).not.toMatch(/restricted/i);
    }
  });

  it.each([
    ["Intake", ["general", "restricted"]],
    ["General", ["restricted", "intake"]],
    ["Restricted", ["general", "intake"]],
  ] as const)("are denied the key and the bucket %s on the sides %s, lanes yet to come too", (name, sides) => {
    const key = policyStatements(virginia, "AWS::KMS::Key", new RegExp(`^Keys${name}`));
    const bucket = policyStatements(virginia, "AWS::S3::BucketPolicy", new RegExp(`^Storage${name}`));
    const everything = bucket.flatMap(({ Action, Resource }) => (Action.includes("s3:*") ? Resource : []));

    const roles = sides.map((each) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/switchyard/us-east-1/${each}/*`);
    for (const [statements, action] of [
      [key, "kms:*"],
      [bucket, "s3:*"],
    ] as const) {
      const denied = statements.filter(({ Sid }) => Sid?.startsWith("Nothing"));
      expect(denied).toEqual([
        expect.objectContaining({
          Effect: "Deny",
          Action: [action],
          Principal: "*",
          Condition: { ArnLike: { "aws:PrincipalArn": roles } },
        }),
      ]);
    }
    expect(new Set(everything.map((arn) => arn.replace(/^<.*>/, "")))).toEqual(new Set(["", "/*"]));
  });

  it("of both zones send to collect without a key, and are kept from receiving there", () => {
    const queue = policyStatements(virginia, "AWS::SQS::QueuePolicy", /^QueuesCollectPolicy/);

    expect(queue).toContainEqual(
      expect.objectContaining({ Sid: "OnlyCollectReceives", Effect: "Deny", Action: ["sqs:ReceiveMessage"] }),
    );
    for (const each of [...side("general"), ...side("restricted")]) {
      expect(wiring.sendsTo(each)).toContain("switchyard-collect");
      expect(JSON.stringify(each.statements)).not.toContain("<KeysIntake");
    }
  });

  it("that plan and look after batches use no key of a zone", () => {
    expect(
      side("intake")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["plan", "sweep"]);

    for (const { statements } of side("intake")) {
      expect(JSON.stringify(statements)).not.toMatch(/<(Keys|Storage)(General|Restricted)/);
    }
  });

  it("of the restricted side send to restricted lanes, their dead letters and collect only", () => {
    const restricted = side("restricted");
    expect(restricted).toHaveLength(3);

    for (const each of restricted) {
      for (const queue of wiring.sendsTo(each)) expect(queue).toMatch(/^switchyard-(.+-restricted(-dead)?|collect)$/);
    }
  });

  it("of a lane send back to that lane alone, its dead letters and collect", () => {
    for (const each of wiring.functions.values()) {
      if (!each.name.startsWith("invoke ")) continue;
      const lane = `switchyard-${each.name.slice("invoke ".length)}`;
      expect(wiring.sendsTo(each).sort()).toEqual([lane, `${lane}-dead`, "switchyard-collect"].sort());
    }
  });

  it("use a key through one service, for one bucket or for queues only", () => {
    for (const { statements } of wiring.functions.values()) {
      for (const { Effect, Action, Condition } of statements) {
        if (Effect !== "Allow" || !Action.some((action) => action.startsWith("kms:"))) continue;
        const { StringEquals = {}, ArnLike = {} } = Condition;
        expect(StringEquals["kms:ViaService"]).toMatch(/^(s3|sqs|sns)\.us-east-1\.amazonaws\.com$/);
        const contexts = { ...StringEquals, ...ArnLike };
        expect(Object.keys(contexts).filter((key) => key.startsWith("kms:EncryptionContext:aws:"))).toHaveLength(1);
      }
    }
  });

  it("of no zone's lanes hold no secret and may invoke no model", () => {
    const crossing = [...side("crossing"), ...side("intake")];
    expect(crossing.map(({ name }) => name).sort()).toEqual(["classify", "collect", "plan", "sweep"]);

    for (const { statements } of crossing) {
      expect(actionsOf(statements).filter((action) => /^(bedrock|secretsmanager):/.test(action))).toEqual([]);
    }
  });

  it("hold a provider's secret only where it is called, and only that one", () => {
    const holders = [...wiring.functions.values()].filter(({ statements }) =>
      actionsOf(statements).some((action) => action.startsWith("secretsmanager:")),
    );

    expect(holders.map(({ name }) => name)).toEqual([expect.stringMatching(/^invoke openai-.*-general$/)]);
    expect(holders.flatMap(({ statements }) => allowed(statements, "secretsmanager:GetSecretValue"))).toEqual([
      "arn:<AWS::Partition>:secretsmanager:us-east-1:<AWS::AccountId>:secret:switchyard/openai-??????",
    ]);
    for (const { statements } of holders) expect(JSON.stringify(statements)).not.toContain("bedrock:");
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
