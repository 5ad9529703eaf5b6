import { parseBaseUrl } from "../../core/configuration/base-url.ts";
import type { Deployment } from "../../core/configuration/document.ts";

/** Which deployments are called for real, and what their functions need for it; the others are simulated. */
export type Live = {
  deployments: Set<string>;
  /** Values of secrets by their names. */
  secrets: Map<string, string>;
  /** Credentials for the functions of Bedrock lanes. */
  bedrockEnvironment: Record<string, string>;
};

export const nothingLive: Live = { deployments: new Set(), secrets: new Map(), bedrockEnvironment: {} };

const bedrockVariables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** The deployments whose provider's credentials are in the environment; a server on this machine without a secret needs none. */
export function liveDeployments(
  deployments: Iterable<Deployment>,
  env: Readonly<Record<string, string | undefined>>,
): Live {
  const live: Live = { deployments: new Set(), secrets: new Map(), bedrockEnvironment: {} };
  const openaiKey = env.OPENAI_API_KEY;
  const hasAws = Boolean(env.AWS_ACCESS_KEY_ID) && Boolean(env.AWS_SECRET_ACCESS_KEY);
  for (const deployment of deployments) {
    const { name, provider, secret } = deployment;
    if (provider === "bedrock" && hasAws) {
      live.deployments.add(name);
      for (const variable of bedrockVariables) {
        const value = env[variable];
        if (value !== undefined) live.bedrockEnvironment[variable] = value;
      }
    } else if (provider === "openai" && openaiKey !== undefined && openaiKey !== "" && secret !== undefined) {
      live.deployments.add(name);
      live.secrets.set(secret, openaiKey);
    } else if (provider === "openai-compatible" && secret === undefined && isLoopback(deployment)) {
      live.deployments.add(name);
    }
  }
  return live;
}

function isLoopback({ baseUrl }: Deployment): boolean {
  const parsed = parseBaseUrl(baseUrl ?? "");
  return parsed.kind !== "refused" && parsed.loopback;
}

/** Says what is called for real and what is not, and how to change that. */
export function liveSentence(live: Live, deployments: readonly string[]): string {
  const real = deployments.filter((name) => live.deployments.has(name));
  const simulated = deployments.filter((name) => !live.deployments.has(name));
  const howTo =
    "OPENAI_API_KEY makes openai deployments live, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY those of bedrock";
  if (real.length === 0)
    return `Live: none, no provider's credentials are in the environment (${howTo}). All stay simulated.`;
  return `Live, and charged by their providers: ${real.join(", ")}. Simulated: ${simulated.join(", ") || "none"}.`;
}
