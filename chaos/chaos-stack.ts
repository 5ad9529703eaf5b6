import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Connection, connectTo } from "../lib/cli/connection/connect.ts";
import { loadConfiguration } from "../lib/configuration/load-configuration.ts";
import { synthesize } from "../lib/constructs/synthesize.ts";
import type { Policy } from "../lib/core/configuration/document.ts";
import { lanesOf } from "../lib/core/lane.ts";
import { type Engine, startEngine } from "../lib/local/engine.ts";
import { patience } from "../lib/runtime/aws-clients.ts";
import { disturbCalls } from "./disturb-calls.ts";
import { disturbDeliveries } from "./disturb-deliveries.ts";
import { type FunctionSetting, functionSettingVariable } from "./function-setting.ts";
import { startGateway } from "./gateway.ts";
import type { ChaosOptions } from "./options.ts";
import { createOracle, type MaySee } from "./oracle.ts";
import { createProcesses, type Processes } from "./processes.ts";
import { providerFaults } from "./provider-faults.ts";
import { type ChaosProviders, startProviders } from "./providers.ts";
import { roleOf, roles } from "./roles.ts";
import { createTally, type Tally } from "./tally.ts";

/** The stack with everything that disturbs it. */
export type ChaosStack = {
  engine: Engine;
  connection: Connection;
  providers: ChaosProviders;
  policy: Policy;
  /** From now on faults happen. */
  begin(): void;
  end(): void;
  isOn(): boolean;
  maySee: MaySee;
  processes: Processes;
  faults: Tally;
  killed: Tally;
  written: Tally;
  /** Commits that came after their leases because the machine was slow. */
  overran: Tally;
  /** Invocations that ended otherwise than by returning, by how. */
  failures: Tally;
  /** Files that grew by a byte with each process of a role. */
  countFiles: Map<string, string>;
  stop(): Promise<void>;
};

const configurationFile = fileURLToPath(new URL("configuration.yaml", import.meta.url));
const preload = pathToFileURL(fileURLToPath(new URL("function-preload.ts", import.meta.url))).href;

/** Synthesizes and starts the stack behind a gateway. */
export async function startChaosStack(
  options: ChaosOptions,
  { startMs, directory, progress }: { startMs: number; directory: string; progress: (text: string) => void },
): Promise<ChaosStack> {
  const { seed, speed, intensity, endpoint } = options;
  const compiled = await loadConfiguration(configurationFile);
  if (compiled.kind !== "compiled") throw new Error(JSON.stringify(compiled.problems));
  const { document, generation } = compiled;
  let isOn = false;
  const processes = createProcesses();
  const [faults, killed, written] = [createTally(), createTally(), createTally()];
  const [failures, overran] = [createTally(), createTally()];
  const shared = { seed, intensity, processes, faults, isOn: () => isOn };
  const gateway = await startGateway({
    onCall: disturbCalls({ ...shared, killed, written, overran }),
    speed,
    isElsewhere: endpoint !== undefined,
  });
  const assemblyDirectory = await synthesize({ document, generation, outDirectory: join(directory, "cdk.out") });
  const providers = await startProviders({
    document,
    faults: providerFaults(options.minutes * 60_000, intensity.providerRate),
    seed,
    clock: { startMs, speed, skewMs: 0 },
  });
  const countFiles = new Map<string, string>();
  mkdirSync(join(directory, "processes"), { recursive: true });
  if (endpoint !== undefined) gateway.leadTo({ own: endpoint.aws, stores: endpoint });

  const engine = await startEngine({
    assemblyDirectory,
    stackName: `Switchyard-${document.policy.regions[0]}`,
    stateDirectory: directory,
    providerEndpoints: providers.endpoints,
    ...(endpoint === undefined ? {} : { stores: { aws: gateway.url, dynamodb: gateway.url } }),
    disturbance: disturbDeliveries(shared),
    // A second process for what is delivered twice or while one is frozen; enough of them that none is ended for another.
    processes: { perFunction: 2, beyondFirst: lanesOf(document.policy).length + roles.length + 1 },
    environmentFor(name, environment) {
      const role = roleOf(environment);
      const { AWS_ENDPOINT_URL: own = "", AWS_ENDPOINT_URL_DYNAMODB: dynamodb = "", NODE_OPTIONS = "" } = environment;
      gateway.leadTo({ own, stores: endpoint ?? { aws: own, dynamodb } });
      const countFile = join(directory, "processes", name);
      countFiles.set(countFile, role);
      const setting: FunctionSetting = {
        role,
        seed,
        startMs,
        speed,
        mostSkewMs: intensity.mostSkewMs,
        // The emulators answer as fast as they can, which is not so many times faster than AWS.
        worldDelaysMs: [patience.requestTimeout],
        countFile,
      };
      return {
        AWS_ENDPOINT_URL: gateway.url,
        AWS_ENDPOINT_URL_DYNAMODB: gateway.url,
        ...(endpoint === undefined
          ? {}
          : { AWS_ENDPOINT_URL_SQS: gateway.url, AWS_ENDPOINT_URL_S3: gateway.url, AWS_ENDPOINT_URL_SNS: gateway.url }),
        NODE_OPTIONS: `${NODE_OPTIONS} --import=${preload}`,
        [functionSettingVariable]: JSON.stringify(setting),
      };
    },
    onFailure({ functionName, reason, pid, errorType, errorMessage, logTail }) {
      failures.add(reason);
      // An error is the handler's own end; all else cut it off.
      if (reason !== "error") processes.wasCut(pid);
      if (options.verbose)
        progress(
          `${functionName}: ${reason} ${errorType}: ${errorMessage}${
            reason === "init"
              ? `
${logTail}`
              : ""
          }`,
        );
    },
  });
  const connection = connectTo(
    {
      kind: "local",
      region: engine.region,
      endpoint: engine.endpoint,
      dynamodbEndpoint: engine.dynamodbEndpoint,
      name: (name) => engine.outputs[outputNames[name] ?? ""] ?? "",
    },
    Date.now,
  );
  return {
    engine,
    connection,
    providers,
    begin() {
      isOn = true;
      providers.begin();
    },
    end() {
      isOn = false;
      providers.end();
    },
    isOn: () => isOn,
    policy: document.policy,
    maySee: createOracle(await readFile(configurationFile, "utf8")),
    processes,
    faults,
    killed,
    written,
    overran,
    failures,
    countFiles,
    async stop() {
      connection.close();
      processes.stop();
      await engine.stop();
      await providers.stop();
      await gateway.close();
    },
  };
}

const outputNames: Record<string, string> = {
  jobsQueueUrl: "JobsQueueUrl",
  bucket: "IntakeBucket",
  table: "TableName",
  generalBucket: "GeneralBucket",
  restrictedBucket: "RestrictedBucket",
  policyBucket: "PolicyBucket",
};
