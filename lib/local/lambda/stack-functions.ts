import { join } from "node:path";
import { lastPart } from "../resources/event-source.ts";
import type { LambdaFunction } from "../resources/lambda-function.ts";
import { TemplateError } from "../template/template.ts";
import { type Endpoints, functionEnvironment, identified } from "./environment.ts";
import { createLocalFunction, type FunctionFailure, type LocalFunction } from "./local-function.ts";
import { createProcessBudget } from "./process-budget.ts";

/** The functions of one stack, by name. */
export type StackFunctions = {
  /** Adds functions, which start processes when they are first invoked. */
  add(definitions: LambdaFunction[], endpoints: Endpoints): void;
  all(): LocalFunction[];
  find(name: string): LocalFunction | undefined;
  /** By name or ARN; throws TemplateError for one that the stack does not have. */
  named(nameOrArn: string): LocalFunction;
  /** Kills every process at once, for the end of this one. */
  kill(): void;
  /** Kills every process and resolves when they are gone. */
  stop(): Promise<void>;
};

export function createStackFunctions(options: {
  region: string;
  /** Where logs of functions and compiled code are kept. */
  stateDirectory: string;
  /** Gives a function its identity, by which the emulated services know it. */
  issue: (definition: LambdaFunction) => string;
  /** What to set besides, for one function; it has the last word. */
  environmentFor: (functionName: string, environment: Record<string, string>) => Record<string, string>;
  /** How many processes at most: of one function, and on the machine beyond each function's first. */
  processes: { perFunction: number; beyondFirst: number; startingAtOnce: number };
  onFailure: (failure: FunctionFailure) => void;
  /** Whether a process goes on unseen when it is over its time-out. @default it is killed */
  outlives?: ((pid: number) => boolean) | undefined;
}): StackFunctions {
  const { region, stateDirectory, processes } = options;
  const functions = new Map<string, LocalFunction>();
  const budget = createProcessBudget(processes.beyondFirst, processes.startingAtOnce);
  const all = () => [...functions.values()];

  return {
    add(definitions, endpoints) {
      for (const definition of definitions) {
        const accessKeyId = options.issue(definition);
        const compileCache = join(stateDirectory, "compile-cache");
        const given = { region, accessKeyId, endpoints, compileCache, inherited: process.env };
        const environment = functionEnvironment(definition, given);
        const besides = options.environmentFor(definition.name, environment);
        functions.set(
          definition.name,
          createLocalFunction({
            definition,
            environment: identified({ ...environment, ...besides }, accessKeyId),
            logDirectory: join(stateDirectory, "logs"),
            maxProcesses: processes.perFunction,
            budget,
            onFailure: options.onFailure,
            outlives: options.outlives,
          }),
        );
      }
    },
    all,
    find: (name) => functions.get(name),
    named(nameOrArn) {
      const name = lastPart(nameOrArn);
      const found = functions.get(name);
      if (found !== undefined) return found;
      throw new TemplateError(`There is no function ${name}. There are: ${[...functions.keys()].join(", ")}.`);
    },
    kill() {
      for (const { pid } of all().flatMap((each) => each.processes())) process.kill(pid, "SIGKILL");
    },
    async stop() {
      await Promise.all(all().map((each) => each.stop()));
    },
  };
}
