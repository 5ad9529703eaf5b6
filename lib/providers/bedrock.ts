import { BedrockRuntimeClient, ConverseCommand, type ConverseCommandInput } from "@aws-sdk/client-bedrock-runtime";
import type { ProviderOutcome } from "../core/provider.ts";
import { bedrockOrigin } from "./bedrock-origin.ts";
import { beforeDeadline } from "./deadline.ts";
import { egressTo } from "./egress.ts";
import type { ProviderFactory } from "./factory.ts";
import { fromConverse } from "./from-converse.ts";
import { createHttpPool } from "./http-pool.ts";
import { mapBedrockError } from "./map-bedrock-error.ts";
import { toConverse } from "./to-converse.ts";
import { createUndiciHandler } from "./undici-handler.ts";

/** Amazon Bedrock through Converse, in the deployment's region and no other. */
export const createBedrock: ProviderFactory = (deployment, { baseUrl, reach, resolve, now }) => {
  if (deployment.region === undefined) throw new Error(`deployment ${deployment.name}: region is missing`);
  const endpoint = baseUrl ?? bedrockOrigin(deployment.region);
  const pool = createHttpPool(deployment.concurrency, egressTo(endpoint, reach, resolve));
  const client = new BedrockRuntimeClient({
    region: deployment.region,
    maxAttempts: 1,
    retryMode: "standard",
    requestHandler: createUndiciHandler(pool),
    // Said here, so that no variable or file of the environment sends prompts elsewhere.
    endpoint,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });

  async function converse(input: ConverseCommandInput, abortSignal: AbortSignal): Promise<ProviderOutcome> {
    try {
      const output = await client.send(new ConverseCommand(input), { abortSignal });
      return fromConverse(output, deployment.model, now());
    } catch (error) {
      return { kind: "failed", error: mapBedrockError(error, now()) };
    }
  }

  return {
    async call({ body, timeoutMs }) {
      const converted = toConverse(body, deployment);
      if (converted.kind === "unsupported")
        return { kind: "failed", error: { kind: "invalid-request", detail: converted.detail } };
      const outcome = await beforeDeadline(timeoutMs, (signal) => converse(converted.input, signal));
      return outcome ?? { kind: "failed", error: { kind: "timeout", detail: "deadline" } };
    },
    async close() {
      client.destroy();
      await pool.destroy();
    },
  };
};
