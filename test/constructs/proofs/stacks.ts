import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConfiguration } from "../../../lib/configuration/load-configuration.ts";
import { addStacks, createUncheckedApp } from "../../../lib/constructs/app.ts";
import type { Policy } from "../../../lib/core/configuration/document.ts";
import { Template } from "../../../lib/local/template/template.ts";
import { deployment, documentWith } from "../fixture.ts";
import { placeholderBundles } from "../synthesized.ts";
import type { SynthesizedStack } from "./world.ts";

/** The policy of the shipped example. */
export async function examplePolicy(): Promise<Policy> {
  const loaded = await loadConfiguration(fileURLToPath(new URL("../../../examples/switchyard.yaml", import.meta.url)));
  if (loaded.kind === "invalid") throw new Error(JSON.stringify(loaded.problems));
  return loaded.document.policy;
}

/** A policy with every kind of deployment: beside the fixture's, lanes that mix models of all three ways to call Bedrock. */
export function everyKindOfDeployment(): Policy {
  const { policy } = documentWith({});
  const bedrock = { provider: "bedrock", region: "eu-central-1" };
  const added = [
    deployment({ ...bedrock, name: "titan", model: "amazon.titan-text-v1", inferenceProfile: "in-region" }),
    deployment({
      ...bedrock,
      name: "sonnet-global",
      model: "global.anthropic.claude-sonnet-4-v1:0",
      inferenceProfile: "global",
      destinations: ["*"],
      // Nobody knows where: not for what is restricted.
      facts: { trainsOnData: false },
    }),
    deployment({
      name: "vllm",
      provider: "openai-compatible",
      model: "llama",
      baseUrl: "https://llm.example.com/v1",
      secret: "switchyard/vllm",
    }),
  ];
  const use = added.map(({ name }) => ({ use: name }));
  return {
    ...policy,
    deployments: { ...policy.deployments, ...Object.fromEntries(added.map((each) => [each.name, each])) },
    tiers: { ...policy.tiers, capable: [...policy.tiers.capable, ...use] },
  };
}

/** The same, its restricted lanes in an isolated network where they can be, two queues a lane, and a cache. */
export function isolatedPolicy(): Policy {
  const cache = { ttlSeconds: 3600, classes: ["internal", "pii"] };
  return { ...everyKindOfDeployment(), network: "isolated", highPriorityQueues: true, cache };
}

/** The stack of each region, as it deploys but for the functions' code. */
export function synthesizeTemplates(policy: Policy): SynthesizedStack[] {
  const directory = mkdtempSync(join(tmpdir(), "proofs-"));
  try {
    const app = createUncheckedApp(join(directory, "assembly"));
    addStacks(app, { policy, bundles: placeholderBundles(directory), retain: true });
    return app.synth().stacks.map(({ stackName, environment, templateFullPath }) => {
      const template = Template.parse(JSON.parse(readFileSync(templateFullPath, "utf8")));
      return { policy, region: environment.region, stackName, template };
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
