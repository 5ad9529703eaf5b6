import { describe, expect, it } from "vitest";
import { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { compileText, configuration, documentOf } from "../policy-fixture.ts";

/** The problems of the fixture with one text in the place of another. */
function problemsWith(from: string, to: string) {
  expect(configuration).toContain(from);
  const compiled = compileText(configuration.replace(from, to));
  return compiled.kind === "invalid" ? compiled.problems : [];
}

function warningsOf(text: string) {
  const compiled = compileText(text);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
  return compiled.warnings;
}

describe("what compiles", () => {
  it("has a cache only where one is configured, for a day unless it says otherwise", () => {
    expect(Object.keys(documentOf(configuration).policy)).not.toContain("cache");
    const withCache = (cache: string) => documentOf(`${configuration}\ncache: ${cache}\n`).policy.cache;
    expect(withCache("{ classes: [public] }")).toEqual({ ttlSeconds: 86_400, classes: ["public"] });
    expect(withCache("{ ttl: 15m, classes: [public, phi] }")).toEqual({ ttlSeconds: 900, classes: ["public", "phi"] });
  });

  it("says of queues for high priority only where there are some", () => {
    expect(Object.keys(documentOf(configuration).policy)).not.toContain("highPriorityQueues");
    expect(documentOf(`${configuration}\nhighPriorityQueues: true\n`).policy.highPriorityQueues).toBe(true);
  });

  it("gives each stack an equal share of a tenant's limits, and writes none where there are none", () => {
    const { policy } = documentOf(
      `${configuration}\ntenants: { a: { uploads: a/, limits: { requestsPerMinute: 60 } }, b: { uploads: b/ } }\n`,
    );

    expect(policy.tenants).toEqual({
      a: {
        uploads: "a/",
        senders: [],
        limits: { requestsPerMinute: 60, share: { "us-east-1": 0.5, "eu-central-1": 0.5 } },
      },
      b: { uploads: "b/", senders: [] },
    });
  });

  it("may be an on-premises server at a private address", () => {
    const { policy } = documentOf(configuration.replace("llm.example.internal", "10.0.0.1"));

    expect(policy.deployments.llama?.baseUrl).toBe("https://10.0.0.1/v1");
  });

  it("is a document with every default filled in and every name resolved", () => {
    const { version, policy } = documentOf(configuration);

    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(PolicyDocument.safeParse(JSON.parse(JSON.stringify({ version, policy }))).success).toBe(true);
    expect(policy).toMatchObject({
      unknownModel: "error",
      routing: { default: "standard" },
      cooldown: {
        windowSeconds: 60,
        failureRate: 0.5,
        minAttempts: 5,
        baseSeconds: 5,
        maxSeconds: { overload: 20, auth: 900 },
      },
      deadlineSeconds: 86_400,
      maxRounds: 5,
      maxLineBytes: 8 * 1024 * 1024,
      replyQueues: [],
    });
    expect(policy.routing.then).toEqual(["complexity"]);
    // What functions of the first version read, and no more: they refuse a key that they do not know.
    expect(Object.keys(policy).toSorted()).toEqual(
      [
        "aliases",
        "cooldown",
        "dataClasses",
        "deadlineSeconds",
        "deployments",
        "maxLineBytes",
        "maxRounds",
        "regions",
      ].concat(["replyQueues", "residencies", "routing", "tiers", "unknownModel", "untagged"]),
    );
    for (const { name: _, zone: __, require: ___, quarantine: ____, ...rest } of policy.dataClasses)
      expect(rest).toEqual({});
    for (const entry of Object.values(policy.tiers).flat())
      expect(["use", "when"]).toEqual(expect.arrayContaining(Object.keys(entry)));
    expect(policy.deployments.gpt).toEqual({
      name: "gpt",
      provider: "openai",
      model: "gpt-4o-mini",
      baseUrl: "https://api.openai.com/v1",
      secret: "switchyard/openai",
      destinations: [],
      price: [{ fromInputTokens: 0, inputPicoUsd: 150_000, outputPicoUsd: 600_000 }],
      contextTokens: 200_000,
      supports: ["tools", "json-schema", "images"],
      facts: { dpa: true, trainsOnData: false },
      concurrency: 100,
      timeoutSeconds: 60,
    });
    expect(policy.deployments["haiku-eu"]).toMatchObject({
      inferenceProfile: "eu",
      destinations: ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"],
      supports: [],
    });
    expect(policy.deployments.llama).toMatchObject({
      contextTokens: 8000,
      price: [{ fromInputTokens: 0, inputPicoUsd: 50_000, outputPicoUsd: 50_000 }],
    });
  });

  it("has each class with the requirements and the zone of all less sensitive ones", () => {
    expect(documentOf(configuration).policy.dataClasses).toEqual([
      { name: "public", zone: "general", require: {}, quarantine: false },
      { name: "internal", zone: "general", require: { trainsOnData: false }, quarantine: false },
      { name: "phi", zone: "restricted", require: { trainsOnData: false, baa: true }, quarantine: false },
      {
        name: "financial",
        zone: "restricted",
        require: { trainsOnData: false, baa: true, onPremises: true },
        quarantine: false,
      },
    ]);
  });

  it("has another version when anything that decides changes, and the same one otherwise", () => {
    const { version } = documentOf(configuration);

    expect(documentOf(`# a comment\n${configuration}`).version).toBe(version);
    expect(documentOf(`${configuration}maxRounds: 5\n`).version).toBe(version);
    expect(documentOf(`${configuration}maxRounds: 4\n`).version).not.toBe(version);
    expect(documentOf(configuration.replace("[nova, gpt, llama]", "[gpt, nova, llama]")).version).not.toBe(version);
  });

  it.each([
    ["loopback without a secret", "baseUrl: http://127.0.0.1:8000/v1/"],
    ["a machine of one's own without a secret", "baseUrl: https://llm.example.internal"],
  ])("may be %s", (_what, baseUrl) => {
    const { policy } = documentOf(configuration.replace("baseUrl: https://llm.example.internal/v1", baseUrl));

    expect(policy.deployments.llama?.baseUrl).not.toMatch(/\/$/);
  });

  it("may quarantine a class that nobody may see", () => {
    const text = configuration.replace(
      "untagged:",
      "  sealed: { require: { sealed: true }, quarantine: true }\nuntagged:",
    );

    expect(documentOf(text).policy.dataClasses.at(-1)).toMatchObject({ name: "sealed", quarantine: true });
  });
});

describe("a problem", () => {
  it("names path, line and column", () => {
    expect(problemsWith("untagged: internal", "untagged: intrenal")).toEqual([
      {
        path: "untagged",
        line: 24,
        column: 1,
        message: 'unknown data class "intrenal"; did you mean "internal"?; there are public, internal, phi, financial.',
      },
    ]);
  });

  it("in a rule is placed at the character", () => {
    const problems = problemsWith(`when: 'tenant == "vip"'`, `when: 'tenant == "vip" && turn > 1'`);

    expect(problems).toMatchObject([{ path: "routing.rules[0].when", line: 31 }]);
    expect(configuration.split("\n")[30]?.indexOf("tenant")).toBe(
      (problems[0]?.column ?? 0) - 1 - 'tenant == "vip" && '.length,
    );
  });

  it.each([
    ["a key twice", "version: 1\nversion: 1", "version", 2],
    ["an open quote", 'version: 1\nregions: ["us', "regions", 2],
    ["a list", "- a", "", 1],
    ["nothing", "", "", 1],
  ])("of YAML is told too: %s", (_what, text, path, line) => {
    expect(compileText(text)).toMatchObject({
      kind: "invalid",
      problems: expect.arrayContaining([expect.objectContaining({ path, line })]),
    });
  });

  it("is told with all others, in the order of the file", () => {
    const text = configuration.replace("[us-east-1, eu-central-1]", "[useast]").replace("untagged:", "utagged:");
    const compiled = compileText(text);

    expect(compiled.kind === "invalid" && compiled.problems.map(({ path }) => path)).toEqual([
      "untagged",
      "regions[0]",
      "utagged",
    ]);
  });

  it("follows an alias to what it stands for", () => {
    const text = configuration.replace("public: {}", "public: &public { zone: nowhere }\n  common: *public");

    expect(compileText(text)).toMatchObject({
      problems: [
        { path: "dataClasses.public.zone", line: 20 },
        { path: "dataClasses.common.zone", line: 20 },
      ],
    });
  });
});

describe("is refused", () => {
  it.each<[what: string, from: string, to: string, path: string, message: RegExp]>([
    [
      "a confidence above one",
      "untagged:",
      "detect: { raiseTo: {}, minConfidence: 2 }\nuntagged:",
      "detect.minConfidence",
      /^must be at most 1\.$/,
    ],
    [
      "a confidence of nothing",
      "untagged:",
      "detect: { raiseTo: {}, minConfidence: 0 }\nuntagged:",
      "detect.minConfidence",
      /^must be above 0\.$/,
    ],
    [
      "a language that Comprehend does not know",
      "untagged:",
      "detect: { raiseTo: {}, comprehend: { language: de } }\nuntagged:",
      "detect.comprehend.language",
      /^must be one of en, es\.$/,
    ],
    [
      "detection without what it raises to",
      "untagged:",
      "detect: { minConfidence: 0.5 }\nuntagged:",
      "detect.raiseTo",
      /^is missing; it must be a map\.$/,
    ],
    ["a text for a number", "version: 1", "version: 1\nmaxRounds: many", "maxRounds", /^must be a number\.$/],
    ["half a round", "version: 1", "version: 1\nmaxRounds: 1.5", "maxRounds", /^must be a whole number\.$/],
    ["a network of another kind", "version: 1", "version: 1\nnetwork: closed", "network", /one of open, isolated/],
    [
      "an isolated network where nobody knows how to build one",
      "regions: [us-east-1, eu-central-1]",
      "network: isolated\nregions: [us-east-1, af-south-1]",
      "network",
      /network in af-south-1 is not known; it is for ap-northeast-1, .*isolated-regions\.ts/,
    ],
    ["another version", "version: 1", "version: 2", "version", /must be 1/],
    [
      "a key that is not known",
      "untagged:",
      "untaged: a\nuntagged:",
      "untaged",
      /did you mean "untagged"\?; allowed: version/,
    ],
    ["a region that is none", "[us-east-1, ", "[us-east, ", "regions[0]", /AWS region/],
    ["a region twice", "[us-east-1, ", "[us-east-1, us-east-1, ", "regions[1]", /listed already/],
    [
      "an unknown provider",
      "provider: openai,",
      "provider: opneai,",
      "deployments.gpt.provider",
      /did you mean "openai"/,
    ],
    [
      "a provider named like a property",
      "provider: openai,",
      "provider: constructor,",
      "deployments.gpt.provider",
      /unknown provider/,
    ],
    [
      "a deployment named as a tier",
      "  gpt:",
      "  capable: { provider: openai, model: b, secret: s }\n  gpt:",
      "deployments.capable",
      /a tier already/,
    ],
    [
      "a deployment named auto",
      "  gpt:",
      "  auto: { provider: openai, model: b, secret: s }\n  gpt:",
      "deployments.auto",
      /leaves the choice open/,
    ],
    [
      "a name that is none",
      "  gpt:",
      "  g pt: { provider: openai, model: b, secret: s }\n  gpt:",
      "deployments.g pt",
      /must match/,
    ],
    ["an alias named as a deployment", "aliases: {", "aliases: { gpt: capable,", "aliases.gpt", /a deployment already/],
    ["an alias named as a tier", "aliases: {", "aliases: { standard: capable,", "aliases.standard", /a tier already/],
    ["an alias of an alias", "aliases: {", "aliases: { gpt-4: gpt-4o,", "aliases.gpt-4", /must be a tier/],
    [
      "an unknown deployment in a chain",
      "chain: [nova, gpt",
      "chain: [nvoa, gpt",
      "tiers.lightweight.chain[0]",
      /did you mean "nova"/,
    ],
    [
      "a deployment twice in a chain",
      "chain: [nova, gpt",
      "chain: [nova, nova",
      "tiers.lightweight.chain[1]",
      /already/,
    ],
    ["an empty chain", "chain: [nova, gpt, llama]", "chain: []", "tiers.lightweight.chain", /at least one/],
    ["a missing tier", "  capable: {", "  capabel: {", "tiers.capable", /is missing/],
    ["an external one without a secret", " secret: switchyard/openai,", "", "deployments.gpt", /name the secret/],
    [
      "a compatible one elsewhere without a secret",
      "onPremises: true, residency: eu",
      "residency: eu",
      "deployments.llama",
      /onPremises: true/,
    ],
    ["http beyond loopback", "baseUrl: https:", "baseUrl: http:", "deployments.llama.baseUrl", /must be https/],
    ...["10.0.0.1", "127.0.0.2", "[fd00::1]", "[::ffff:192.168.0.1]", "169.254.169.254"].map(
      (host): [string, string, string, string, RegExp] => [
        `an external one at ${host}`,
        "secret: switchyard/openai",
        `secret: s, baseUrl: "https://${host}/v1"`,
        "deployments.gpt.baseUrl",
        /address.*state facts: \{ onPremises: true \}, else name its public host/,
      ],
    ),
    [
      "one at an address that is no server's",
      "llm.example.internal",
      "0.0.0.0",
      "deployments.llama.baseUrl",
      /no server has/,
    ],
    ["credentials in a URL", "baseUrl: https://", "baseUrl: https://u:p@", "deployments.llama.baseUrl", /credentials/],
    ["a URL that is none", "baseUrl: https://llm", "baseUrl: llm", "deployments.llama.baseUrl", /not a URL/],
    [
      "a compatible one without a URL",
      "    baseUrl: https://llm.example.internal/v1\n",
      "",
      "deployments.llama",
      /baseUrl/,
    ],
    [
      "an external one with a region",
      "secret: switchyard/openai",
      "secret: s, region: us-east-1",
      "deployments.gpt.region",
      /remove region/,
    ],
    ["Bedrock without a region", ", region: us-east-1", "", "deployments.nova", /needs the region/],
    [
      "Bedrock with a secret",
      "region: us-east-1",
      "region: us-east-1, secret: s",
      "deployments.nova.secret",
      /remove secret/,
    ],
    [
      "an unknown inference profile",
      "eu.anthropic",
      "uk.anthropic",
      "deployments.haiku-eu.model",
      /not a known inference profile/,
    ],
    [
      "a profile in the wrong region",
      "region: eu-central-1",
      "region: us-east-1",
      "deployments.haiku-eu.region",
      /cannot be called in us-east-1/,
    ],
    ["an ARN", "model: amazon.nova-lite-v1:0", "model: arn:aws:bedrock:x", "deployments.nova.model", /ARN/],
    [
      "a missing price",
      "    price: { inputPerMTok: 0.05, outputPerMTok: 0.05 }\n",
      "",
      "deployments.llama",
      /no price is known/,
    ],
    ["a price that no package knows", "gpt-4o-mini", "unpriced", "deployments.gpt", /no price is known for unpriced/],
    ["a negative price", "inputPerMTok: 0.05", "inputPerMTok: -1", "deployments.llama.price.inputPerMTok", /./],
    [
      "a capability that is not built",
      "region: us-east-1",
      "region: us-east-1, supports: [tools]",
      "deployments.nova.supports[0]",
      /not available yet/,
    ],
    [
      "a call too slow for a worker",
      "secret: switchyard/openai",
      "secret: s, timeoutSeconds: 136",
      "deployments.gpt.timeoutSeconds",
      /./,
    ],
    [
      "the same model twice",
      "  gpt:",
      "  gpt2: { provider: openai, model: gpt-4o-mini, secret: switchyard/openai }\n  gpt:",
      "deployments.gpt",
      /same model/,
    ],
    [
      "lanes of one name",
      "  gpt:",
      "  gpt2: { provider: openai, model: gpt-4o, secret: openai }\n  gpt:",
      "deployments.gpt",
      /would both be called/,
    ],
    [
      "contradictory requirements",
      "baa: true } }",
      "trainsOnData: true } }",
      "dataClasses.phi.require.trainsOnData",
      /contradicts/,
    ],
    [
      "a more sensitive class in the general zone",
      "financial: {",
      "financial: { zone: general,",
      "dataClasses.financial.zone",
      /more sensitive/,
    ],
    [
      "a class that nobody may see",
      "onPremises: true } }",
      "onTheMoon: true } }",
      "dataClasses.financial",
      /quarantine: true/,
    ],
    ["an unknown tier in a rule", "tier: capable }", "tier: capabel }", "routing.rules[0].tier", /./],
    ["a rule twice", "name: tagged", "name: vip", "routing.rules[1].name", /already/],
    ["a rule that is empty", `'tenant == "vip"'`, "''", "routing.rules[0].when", /./],
    [
      "a rule that is no condition",
      `'tenant == "vip"'`,
      "'turns + 1'",
      "routing.rules[0].when",
      /must be true or false/,
    ],
    [
      "a rule with an unknown name",
      `'tenant == "vip"'`,
      "'tenent == \"a\"'",
      "routing.rules[0].when",
      /did you mean "tenant"/,
    ],
    [
      "a when with an unknown name",
      `complexity == "capable"`,
      "complex",
      "tiers.standard.chain[3].when",
      /unknown name/,
    ],
    ["an unknown strategy", "then: [complexity]", "then: [complex]", "routing.then[0]", /unknown strategy/],
    ["a strategy twice", "then: [complexity]", "then: [complexity, complexity]", "routing.then[1]", /already/],
    [
      "global in a residency",
      "[in-region, eu]",
      "[in-region, global]",
      "residencies.eu.inferenceProfiles[1]",
      /anywhere/,
    ],
    [
      "an unknown profile in a residency",
      "[in-region, eu]",
      "[inregion, eu]",
      "residencies.eu.inferenceProfiles[0]",
      /did you mean "in-region"/,
    ],
    [
      "a detected type that there is not",
      "version: 1",
      "version: 1\ndetect: { raiseTo: { mail: phi } }",
      "detect.raiseTo.mail",
      /allowed: name, address, email/,
    ],
    [
      "a class to raise to that there is not",
      "version: 1",
      "version: 1\ndetect: { raiseTo: { email: pii } }",
      "detect.raiseTo.email",
      /unknown data class "pii"/,
    ],
    [
      "a phone region that is none",
      "version: 1",
      "version: 1\ndetect: { raiseTo: {}, phoneRegions: [Germany] }",
      "detect.phoneRegions[0]",
      /two capital letters/,
    ],
    [
      "a phone region that there is not",
      "version: 1",
      "version: 1\ndetect: { raiseTo: {}, phoneRegions: [DE, XX] }",
      "detect.phoneRegions[1]",
      /no country XX/,
    ],
    [
      "redaction of what is not looked for",
      "public: {}",
      "public: { redact: true }",
      "dataClasses.public.redact",
      /detect: \{ raiseTo/,
    ],
    [
      "a tenant that nothing tells",
      "version: 1",
      "version: 1\ntenants: { acme: {} }",
      "tenants.acme",
      /uploads: acme\//,
    ],
    [
      "a tenant of an unknown class",
      "version: 1",
      "version: 1\ntenants: { acme: { uploads: acme/, dataClass: top } }",
      "tenants.acme.dataClass",
      /unknown data class "top"/,
    ],
    [
      "a prefix that is none",
      "version: 1",
      "version: 1\ntenants: { acme: { uploads: acme } }",
      "tenants.acme.uploads",
      /ends in "\/"/,
    ],
    [
      "prefixes in one another",
      "version: 1",
      "version: 1\ntenants: { a: { uploads: a/ }, b: { uploads: a/b/ } }",
      "tenants.b.uploads",
      /same uploads/,
    ],
    [
      "tenants of one name in the outputs",
      "version: 1",
      "version: 1\ntenants: { a-b: { uploads: a/ }, a_b: { uploads: b/ } }",
      "tenants.a_b",
      /one name/,
    ],
    [
      "a sender of two tenants",
      "version: 1",
      "version: 1\ntenants: { a: { senders: [AIDAEXAMPLEEXAMPLE] }, b: { senders: [AIDAEXAMPLEEXAMPLE] } }",
      "tenants.b.senders[0]",
      /sender of a already/,
    ],
    [
      "a tenant's limit of nothing",
      "version: 1",
      "version: 1\ntenants: { a: { uploads: a/, limits: { requestsPerMinute: 0 } } }",
      "tenants.a.limits.requestsPerMinute",
      /^must be above 0\.$/,
    ],
    [
      "a tenant's limit that is none",
      "version: 1",
      "version: 1\ntenants: { a: { uploads: a/, limits: { concurrency: 3 } } }",
      "tenants.a.limits.concurrency",
      /allowed: requestsPerMinute, tokensPerMinute, share/,
    ],
    [
      "a share of no tenant's limit",
      "version: 1",
      "version: 1\ntenants: { a: { uploads: a/, limits: { share: { us-east-1: 1 } } } }",
      "tenants.a.limits.share",
      /no limit to share/,
    ],
    [
      "a share of a tenant's limit for a stack that there is not",
      "version: 1",
      "version: 1\ntenants: { a: { uploads: a/, limits: { requestsPerMinute: 60, share: { us-east-1: 0.5, eu-central-1: 0.4, us-west-2: 0.1 } } } }",
      "tenants.a.limits.share.us-west-2",
      /no stack/,
    ],
    [
      "a cache of an unknown class",
      "version: 1",
      "version: 1\ncache: { classes: [pubic] }",
      "cache.classes[0]",
      /did you mean "public"/,
    ],
    [
      "a cache of no class",
      "version: 1",
      "version: 1\ncache: { classes: [] }",
      "cache.classes",
      /list the data classes/,
    ],
    [
      "a cache for longer than answers are kept",
      "version: 1",
      "version: 1\ncache: { ttl: 30d, classes: [public] }",
      "cache.ttl",
      /at most 7d/,
    ],
    [
      "a fact until no day",
      "facts: { dpa: true, baa: true",
      "facts: { dpa: { value: true, until: soon }, baa: true",
      "deployments.nova.facts.dpa.until",
      /must be a date/,
    ],
    [
      "a fact without a value",
      "facts: { dpa: true, baa: true",
      "facts: { dpa: { by: Legal }, baa: true",
      "deployments.nova.facts.dpa.value",
      /true, false or a text/,
    ],
    [
      "a fact with an unknown key",
      "facts: { dpa: true, baa: true",
      "facts: { dpa: { value: true, untill: 2027-01-01 }, baa: true",
      "deployments.nova.facts.dpa.untill",
      /did you mean "until"/,
    ],
    ["an order that is none", "{ chain: [nova", "{ order: best, chain: [nova", "tiers.lightweight.order", /./],
    [
      "a weight that nothing counts",
      "{ chain: [nova,",
      "{ order: cheapest, chain: [{ use: nova, weight: 2 },",
      "tiers.lightweight.chain[0].weight",
      /in the order weighted only, and this tier's is cheapest/,
    ],
    [
      "a weight of nothing",
      "{ chain: [nova,",
      "{ order: weighted, chain: [{ use: nova, weight: 0 },",
      "tiers.lightweight.chain[0].weight",
      /./,
    ],
    [
      "a share for a region without a stack",
      "region: us-east-1",
      "region: us-east-1, limits: { requestsPerMinute: 9, share: { us-east-1: 0.5, eu-central-1: 0.2, us-west-2: 0.1 } }",
      "deployments.nova.limits.share.us-west-2",
      /has no stack; there are us-east-1, eu-central-1/,
    ],
    [
      "a stack without a share",
      "region: us-east-1",
      "region: us-east-1, limits: { requestsPerMinute: 9, share: { us-east-1: 0.5 } }",
      "deployments.nova.limits.share",
      /give eu-central-1 a share too/,
    ],
    [
      "shares of more than there is",
      "region: us-east-1",
      "region: us-east-1, limits: { tokensPerMinute: 9, share: { us-east-1: 0.5, eu-central-1: 0.6 } }",
      "deployments.nova.limits.share",
      /add up to 1.1/,
    ],
    [
      "a share of no limit",
      "region: us-east-1",
      "region: us-east-1, limits: { share: { us-east-1: 0.5, eu-central-1: 0.5 } }",
      "deployments.nova.limits.share",
      /no limit to share/,
    ],
    ["a deadline that is none", "version: 1", "version: 1\ndeadline: soon", "deadline", /duration/],
    ["a deadline in the far future", "version: 1", "version: 1\ndeadline: 8d", "deadline", /at most 7d/],
  ])("%s", (_what, from, to, path, message) => {
    expect(problemsWith(from, to)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, string, string]>([
    ["version: 1", "version: 1\nescalate: { on: [refusal] }", "escalate"],
    ["version: 1", "version: 1\nredact: {}", "redact"],
    ["{ chain: [nova", "{ escalate: true, chain: [nova", "tiers.lightweight.escalate"],
    ["region: us-east-1", "region: us-east-1, batch: {}", "deployments.nova.batch"],
    ["then: [complexity]", "then: [complexity, semantic]", "routing.then[1]"],
    ["then: [complexity]", "then: [learned]", "routing.then[0]"],
  ])("what is not built yet: %s → %s", (from, to, path) => {
    expect(problemsWith(from, to)).toEqual([
      expect.objectContaining({ path, message: expect.stringMatching(/not available yet/) }),
    ]);
  });
});

describe("limits", () => {
  const limited = (from: string, limits: string) =>
    documentOf(configuration.replace(from, `${from}, ${limits}`)).policy.deployments;

  it("are divided equally among the stacks, unless their shares are given", () => {
    const equal = limited("secret: switchyard/openai", "limits: { requestsPerMinute: 600 }").gpt;
    const given = limited(
      "secret: switchyard/openai",
      "limits: { requestsPerMinute: 600, share: { us-east-1: 0.9, eu-central-1: 0.1 } }",
    ).gpt;

    expect(equal?.limits).toEqual({ requestsPerMinute: 600, share: { "us-east-1": 0.5, "eu-central-1": 0.5 } });
    expect(given?.limits?.share).toEqual({ "us-east-1": 0.9, "eu-central-1": 0.1 });
  });

  it("limit answers that nobody limits, only where the provider takes the longest one up front", () => {
    const tokens = "limits: { tokensPerMinute: 9000 }";

    expect(limited("region: us-east-1", tokens).nova?.defaultMaxOutputTokens).toBe(4096);
    expect(limited("region: us-east-1", `${tokens}, defaultMaxOutputTokens: 700`).nova?.defaultMaxOutputTokens).toBe(
      700,
    );
    expect(
      limited("region: us-east-1", "limits: { requestsPerMinute: 9 }").nova?.defaultMaxOutputTokens,
    ).toBeUndefined();
    expect(limited("secret: switchyard/openai", tokens).gpt?.defaultMaxOutputTokens).toBeUndefined();
  });
});

describe("a warning", () => {
  it("tells of a residency in which a class has nowhere to go", () => {
    const warnings = warningsOf(configuration);

    expect(warnings).toContainEqual(
      expect.objectContaining({
        path: "residencies.us",
        message: expect.stringMatching(
          /class internal with residency us, taken in at us-east-1, have no deployment in standard, capable/,
        ),
      }),
    );
    expect(warnings.some(({ path }) => path === "residencies.eu")).toBe(false);
  });

  it("tells of a residency that no stack may take", () => {
    const text = configuration.replace("regions: [us-east-1], facts", "regions: [us-west-2], facts");

    expect(warningsOf(text)).toContainEqual(
      expect.objectContaining({ path: "residencies.us", message: expect.stringMatching(/no stack/) }),
    );
  });

  it("tells which restricted lanes stay outside an isolated network, in which stack, and why", () => {
    const text = configuration.replace("version: 1", "version: 1\nnetwork: isolated");

    const warnings = warningsOf(text).filter(({ path }) => path === "network");
    expect(warnings.map(({ line, message }) => [line, message.replace(/^in the stack of /, "")])).toEqual([
      [
        2,
        expect.stringMatching(/^us-east-1, the lane bedrock-eu-central-1-restricted .*: .* called in eu-central-1\.$/),
      ],
      [
        2,
        expect.stringMatching(/^us-east-1, the lane openai-compatible-.*: it calls https:\/\/llm.example.internal\/v1/),
      ],
      [2, expect.stringMatching(/^eu-central-1, the lane bedrock-us-east-1-restricted .*: .* called in us-east-1\.$/)],
      [2, expect.stringMatching(/^eu-central-1, the lane openai-compatible-/)],
    ]);
    expect(warningsOf(configuration).some(({ path }) => path === "network")).toBe(false);
  });

  it("tells of an isolated network in which nothing runs", () => {
    const text = configuration.replace("version: 1", "version: 1\nnetwork: isolated").replace("zone: restricted, ", "");

    expect(warningsOf(text)).toContainEqual(
      expect.objectContaining({ path: "network", message: expect.stringMatching(/no restricted lane/) }),
    );
  });

  it("tells of a deployment that no job can reach", () => {
    const text = configuration.replace("  gpt:", "  idle: { provider: openai, model: o3, secret: s }\n  gpt:");

    expect(warningsOf(text)).toContainEqual(expect.objectContaining({ path: "deployments.idle", line: 6 }));
  });
});
