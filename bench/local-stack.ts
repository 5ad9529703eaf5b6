import { join } from "node:path";
import { type Connection, connectTo } from "../lib/cli/connection/connect.ts";
import { synthesize } from "../lib/constructs/synthesize.ts";
import type { PolicyDocument } from "../lib/core/configuration/document.ts";
import { type Engine, type EngineOptions, startEngine } from "../lib/local/engine.ts";
import { configuration } from "./configuration.ts";
import { rounded } from "./figure.ts";
import { progress } from "./progress.ts";
import { type BenchProviders, startProviders, type WrittenPlan } from "./start-providers.ts";

/** A bench configuration, synthesized once for all runs that use it. */
export type Assembly = {
  name: string;
  document: PolicyDocument;
  directory: string;
  stateDirectory: string;
  synthSeconds: number;
};

/** What a run has its providers do, and how many processes a function may have for it. */
export type Conditions = { plan: WrittenPlan; processes: EngineOptions["processes"] | undefined };

/** The stack of an assembly, running, with a client's connection to it. */
export type LocalStack = {
  engine: Engine;
  providers: BenchProviders;
  client: Connection;
  startSeconds: number;
  stop(): Promise<void>;
};

/** Synthesizes `configurations/<name>.yaml` into a directory of its own. */
export async function synthesizeBench(name: string, workDirectory: string): Promise<Assembly> {
  progress(`synthesizing the stack of ${name}.yaml`);
  const startedMs = performance.now();
  const { document, generation } = await configuration(`configurations/${name}.yaml`);
  const stateDirectory = join(workDirectory, name);
  const directory = await synthesize({ document, generation, outDirectory: join(stateDirectory, "cdk.out") });
  return { name, document, directory, stateDirectory, synthSeconds: rounded((performance.now() - startedMs) / 1000) };
}

/** Starts the engine on an assembly. A function that fails in an uneventful run spoils it, so it is told at once. */
export async function startLocalStack(assembly: Assembly, { plan, processes }: Conditions): Promise<LocalStack> {
  const startedMs = performance.now();
  const { document, directory, stateDirectory } = assembly;
  const region = document.policy.regions[0] ?? "";
  const providers = await startProviders(document, plan);
  const engine = await startEngine({
    assemblyDirectory: directory,
    stackName: `Switchyard-${region}`,
    stateDirectory,
    providerEndpoints: providers.endpoints,
    ...(processes === undefined ? {} : { processes }),
    onFailure: ({ functionName: name, reason, errorType, errorMessage }) =>
      progress(`${name} failed: ${reason}, ${errorType}: ${errorMessage}`),
  });
  const { JobsQueueUrl, IntakeBucket, TableName, GeneralBucket, RestrictedBucket } = engine.outputs;
  const names: Record<string, string | undefined> = {
    jobsQueueUrl: JobsQueueUrl,
    bucket: IntakeBucket,
    table: TableName,
    generalBucket: GeneralBucket,
    restrictedBucket: RestrictedBucket,
  };
  const client = connectTo(
    {
      kind: "local",
      region,
      endpoint: engine.endpoint,
      dynamodbEndpoint: engine.dynamodbEndpoint,
      name: (name) => names[name] ?? "",
    },
    Date.now,
  );
  return {
    engine,
    providers,
    client,
    startSeconds: rounded((performance.now() - startedMs) / 1000),
    async stop() {
      client.close();
      await engine.stop();
      await providers.stop();
    },
  };
}
