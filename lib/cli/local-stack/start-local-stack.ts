import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../../local/engine.ts";
import type { FunctionFailure } from "../../local/lambda/local-function.ts";
import type { SimulatedProviders } from "../../local/simulated-providers/start-simulated-providers.ts";
import { homeRegion, type LoadedConfiguration } from "../configuration.ts";
import { wrongUse } from "../errors.ts";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { denialSentence } from "./denial-sentence.ts";
import { liveDeployments, liveSentence, nothingLive } from "./live-deployments.ts";
import { readFaults } from "./read-faults.ts";

export type LocalStackOptions = {
  configuration: LoadedConfiguration;
  region: string | undefined;
  faults: string | undefined;
  live: boolean;
  /** For the assembly and the functions' logs. */
  stateDirectory: string;
  port?: number;
  dataDirectory?: string;
};

/** One region's stack on this machine, with its providers. */
export type LocalStack = {
  engine: Engine;
  providers: SimulatedProviders;
  /** The intake bucket and the other names that commands need, from the stack's outputs. */
  output(name: string): string;
  stop(): Promise<void>;
};

/** Synthesizes the stack, starts the simulated providers and the engine. Throws CommandError for wrong options. */
export async function startLocalStack(io: Io, options: LocalStackOptions, progress: Progress): Promise<LocalStack> {
  const { configuration, stateDirectory } = options;
  const { document, generation } = configuration;
  const deployments = Object.values(document.policy.deployments);
  const names = deployments.map(({ name }) => name);
  const region = homeRegion(configuration, options.region);
  const live = options.live ? liveDeployments(deployments, io.env) : nothingLive;
  const faults = options.faults === undefined ? undefined : await readFaults(options.faults, io.cwd, names);
  if (options.live) progress.warn(liveSentence(live, names));

  await mkdir(stateDirectory, { recursive: true });
  progress.step(`Synthesizing the stack for ${region} from ${configuration.shown} …`);
  const [{ synthesize }, { startEngine }, { startSimulatedProviders }, { localDetectText }] = await Promise.all([
    import("../../constructs/synthesize.ts"),
    import("../../local/engine.ts"),
    import("../../local/simulated-providers/start-simulated-providers.ts"),
    import("../../runtime/detection.ts"),
  ]);
  const assemblyDirectory = await synthesize({ document, generation, outDirectory: join(stateDirectory, "cdk.out") });

  progress.step("Starting it on this machine …");
  let running: Engine | undefined;
  const providers = await startSimulatedProviders({
    deployments,
    ...(faults === undefined ? {} : { faults }),
    refuse: (deployment, request) => running?.refuseModel(deployment, request),
  });
  const simulated = deployments.filter(({ name }) => !live.deployments.has(name));
  const comprehend =
    document.policy.detect?.comprehend === undefined ? undefined : await localDetectText(document.policy);
  const engine = await startEngine({
    assemblyDirectory,
    stackName: `Switchyard-${region}`,
    stateDirectory,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.dataDirectory === undefined ? {} : { dataDirectory: options.dataDirectory }),
    providerEndpoints: Object.fromEntries(simulated.map((each) => [each.name, providers.endpointFor(each)])),
    ...(comprehend === undefined ? {} : { comprehend }),
    secrets: (name) => live.secrets.get(name),
    environmentFor: (_function, environment) =>
      environment.LANE?.startsWith("bedrock-") === true ? live.bedrockEnvironment : {},
    onFailure: warnOnce(io, progress),
    onDenied: (denial) => progress.warn(denialSentence(denial)),
  }).catch(async (error: unknown) => {
    await providers.close();
    throw portTaken(error, options.port) ?? error;
  });
  running = engine;
  return {
    engine,
    providers,
    output(name) {
      const value = engine.outputs[name];
      if (value === undefined) throw new Error(`The stack has no output ${name}.`);
      return value;
    },
    async stop() {
      await engine.stop();
      await providers.close();
    },
  };
}

/** A function that fails is tried again and may fail again for the same reason: each reason is told once. */
function warnOnce(io: Io, progress: Progress): (failure: FunctionFailure) => void {
  const told = new Set<string>();
  return ({ functionName, reason, errorType, errorMessage, logTail }) => {
    const cause = `${functionName} ${reason} ${errorType}`;
    // Whoever interrupts ends the functions too.
    if (told.has(cause) || io.interrupted.aborted) return;
    told.add(cause);
    // A function that does not start says why in its log only.
    const log = reason === "init" || reason === "crash" ? `\n${logTail.trimEnd()}` : "";
    progress.warn(
      `Function ${functionName} failed (${reason}): ${errorType}: ${errorMessage.replace(/\.$/, "")}. Its work is tried again.${log}`,
    );
  };
}

function portTaken(error: unknown, port: number | undefined): Error | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "EADDRINUSE") return undefined;
  return wrongUse(`Port ${port} is taken. Choose another with --port, or leave it out for any free one.`);
}
