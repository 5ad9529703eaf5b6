import type { PolicyDocument } from "../../lib/core/configuration/document.ts";

/** A small policy of one Bedrock deployment in every tier. */
export function policyDocument(version: string): PolicyDocument {
  return {
    version,
    policy: {
      regions: ["us-east-1"],
      deployments: {
        "nova-lite": {
          name: "nova-lite",
          provider: "bedrock",
          model: "amazon.nova-lite-v1:0",
          region: "us-east-1",
          destinations: ["us-east-1"],
          price: [{ fromInputTokens: 0, inputPicoUsd: 60_000, outputPicoUsd: 240_000 }],
          contextTokens: 300_000,
          supports: [],
          facts: { trainsOnData: false },
          concurrency: 4,
          timeoutSeconds: 30,
        },
      },
      tiers: { lightweight: [{ use: "nova-lite" }], standard: [{ use: "nova-lite" }], capable: [{ use: "nova-lite" }] },
      aliases: {},
      unknownModel: "error",
      dataClasses: [{ name: "internal", zone: "general", require: { trainsOnData: false }, quarantine: false }],
      untagged: "internal",
      residencies: {},
      // biome-ignore lint/suspicious/noThenProperty: the configuration's word for what comes after the rules.
      routing: { rules: [], then: ["complexity"], default: "standard" },
      cooldown: {
        windowSeconds: 60,
        failureRate: 0.5,
        minAttempts: 5,
        baseSeconds: 5,
        maxSeconds: { overload: 20, auth: 900 },
      },
      deadlineSeconds: 86_400,
      maxRounds: 5,
      maxLineBytes: 8_388_608,
      replyQueues: [],
    },
  };
}
