import { closeSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LambdaFunction } from "../resources/lambda-function.ts";
import { type FunctionProcess, startFunctionProcess } from "./function-process.ts";
import type { Invocation } from "./invocation.ts";
import type { Pool, ProcessBudget } from "./process-budget.ts";

/** An invocation that failed, with where to look. */
export type FunctionFailure = Extract<Invocation, { kind: "failed" }> & {
  functionName: string;
  /** Of the process that it ran in. */
  pid: number;
  logFile: string;
  /** The last lines of the function's log, up to 2,000 bytes; lines of its other processes may be among them. */
  logTail: string;
};

/** What a function did since the engine started. */
export type FunctionStats = {
  name: string;
  memoryMb: number;
  invocations: number;
  /** Invocations that failed, by what ended them. */
  errors: { error: number; timeout: number; crash: number; init: number };
  /** Sum of durations, each rounded up to 1 ms. */
  billedMs: number;
  gbSeconds: number;
  /** The most resident memory that any of its processes held. */
  peakRssBytes: number;
  processesStarted: number;
  /** From the start of a process until its handler was loaded: sum over processes, and the longest. */
  initMs: number;
  longestInitMs: number;
  logFile: string;
};

/** One function of the stack and its processes. */
export type LocalFunction = {
  readonly definition: LambdaFunction;
  /** Runs the handler with a JSON payload, in a warm process if one is idle, waiting for one if there are enough. */
  invoke(payload: string): Promise<Invocation>;
  /** Resolves when an invocation would start without waiting for another to end. */
  whenFree(): Promise<void>;
  /** Invocations that run or wait. */
  inFlight(): number;
  processes(): { function: string; pid: number; busy: boolean }[];
  stats(): FunctionStats;
  logBytes(): number;
  /** Kills every process and resolves when they are gone. */
  stop(): Promise<void>;
};

type Slot = { process: FunctionProcess; busy: boolean };

/** Builds a function that starts processes on demand, at most `maxProcesses` and within the machine's budget. */
export function createLocalFunction(options: {
  definition: LambdaFunction;
  environment: Record<string, string>;
  logDirectory: string;
  maxProcesses: number;
  budget: ProcessBudget;
  onFailure: (failure: FunctionFailure) => void;
  /** Whether a process goes on unseen when it is over its time-out. @default it is killed */
  outlives?: ((pid: number) => boolean) | undefined;
}): LocalFunction {
  const { definition, budget } = options;
  mkdirSync(options.logDirectory, { recursive: true });
  const logFile = join(options.logDirectory, `${definition.name}.log`);
  const loggedBefore = logSize(logFile);
  const slots = new Set<Slot>();
  let inFlight = 0;
  let starting = 0;
  let stopped = false;
  const stats: FunctionStats = {
    name: definition.name,
    memoryMb: definition.memoryMb,
    invocations: 0,
    errors: { error: 0, timeout: 0, crash: 0, init: 0 },
    billedMs: 0,
    gbSeconds: 0,
    peakRssBytes: 0,
    processesStarted: 0,
    initMs: 0,
    longestInitMs: 0,
    logFile,
  };

  const idleSlot = (): Slot | undefined => [...slots].find(({ busy }) => !busy);
  const pool: Pool = {
    size: () => slots.size + starting,
    hasIdle: () => idleSlot() !== undefined,
    evict() {
      const idle = idleSlot();
      if (idle === undefined) return;
      slots.delete(idle);
      idle.process.kill();
    },
  };
  budget.register(pool);

  function start(): Slot {
    const process = startFunctionProcess({
      definition,
      environment: options.environment,
      logFile,
      onInit(initMs) {
        stats.initMs += initMs;
        stats.longestInitMs = Math.max(stats.longestInitMs, initMs);
      },
      onPeakRss(bytes) {
        stats.peakRssBytes = Math.max(stats.peakRssBytes, bytes);
      },
      onExit() {
        slots.delete(slot);
        budget.changed();
      },
      outlives: options.outlives,
    });
    if (stopped) process.kill();
    const slot: Slot = { process, busy: true };
    stats.processesStarted += 1;
    slots.add(slot);
    return slot;
  }

  /** An idle process, or a new one; until there is room for one, it looks again whenever a process of any function is free. */
  async function acquire(): Promise<Slot> {
    for (;;) {
      const idle = idleSlot();
      if (idle !== undefined) {
        idle.busy = true;
        return idle;
      }
      if (pool.size() < options.maxProcesses && budget.makeRoom(pool)) break;
      await budget.nextChange();
    }
    starting += 1;
    return budget.starting(async () => {
      starting -= 1;
      const slot = start();
      await slot.process.ready;
      return slot;
    });
  }

  async function invoke(payload: string): Promise<Invocation> {
    inFlight += 1;
    try {
      const slot = await acquire();
      const invocation = await slot.process.invoke(payload);
      if (!stopped) record(invocation, slot.process.pid);
      slot.busy = false;
      return invocation;
    } finally {
      inFlight -= 1;
      budget.changed();
    }
  }

  function record(invocation: Invocation, pid: number): void {
    const billedMs = Math.ceil(invocation.durationMs);
    stats.invocations += 1;
    stats.billedMs += billedMs;
    stats.gbSeconds += (billedMs / 1000) * (definition.memoryMb / 1024);
    if (invocation.kind === "returned") return;
    stats.errors[invocation.reason] += 1;
    options.onFailure({ ...invocation, functionName: definition.name, pid, logFile, logTail: tailOf(logFile) });
  }

  return {
    definition,
    invoke,
    async whenFree() {
      const hasRoom = (): boolean =>
        inFlight < pool.size() || (pool.size() < options.maxProcesses && budget.hasRoom(pool));
      while (!stopped && !hasRoom()) await budget.nextChange();
    },
    inFlight: () => inFlight,
    processes: () => [...slots].map(({ process, busy }) => ({ function: definition.name, pid: process.pid, busy })),
    stats: () => ({ ...stats, errors: { ...stats.errors } }),
    logBytes: () => logSize(logFile) - loggedBefore,
    async stop() {
      stopped = true;
      const processes = [...slots].map(({ process }) => process);
      for (const process of processes) process.kill();
      budget.changed();
      await Promise.all(processes.map(({ ended }) => ended));
    },
  };
}

function tailOf(path: string): string {
  const size = logSize(path);
  const tail = Buffer.alloc(Math.min(size, 2_000));
  const file = openSync(path, "r");
  readSync(file, tail, 0, tail.length, size - tail.length);
  closeSync(file);
  return tail.toString("utf8");
}

function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
