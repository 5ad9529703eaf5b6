import { type GenericFormatter, MultiBar, Presets, type SingleBar } from "cli-progress";
import { count } from "./format.ts";
import type { Sink } from "./io.ts";

/** How far something is: `done` of `total`; the total may not be known yet. */
export type Stage = { name: string; done: number; total: number | undefined };

/** What people see while they wait; always on stderr. */
export type Progress = {
  /** Says what is being done now. */
  step(text: string): void;
  /** Says what its user should know; also where progress is not shown. */
  warn(text: string): void;
  show(stages: readonly Stage[]): void;
  /** Leaves what was shown as it is, and writes no more. */
  end(): void;
};

/** Without a terminal a line is written when a stage is complete, and so often in between. */
const quietMs = 5000;

export function createProgress(sink: Sink, clock: () => number): Progress {
  return sink.terminal === undefined ? lines(sink, clock) : bars(sink, sink.terminal);
}

/** For `--json`: nothing but warnings. */
export function noProgress(sink: Sink): Progress {
  return {
    step: () => undefined,
    warn: (text) => sink.write(`${text}\n`),
    show: () => undefined,
    end: () => undefined,
  };
}

function bars(sink: Sink, terminal: NodeJS.WritableStream): Progress {
  const shown = new Map<string, SingleBar>();
  let multi: MultiBar | undefined;
  const say = (text: string) => {
    if (multi === undefined) sink.write(`${text}\n`);
    else multi.log(`${text}\n`);
  };
  return {
    step: (text) => say(sink.style("dim", text)),
    warn: (text) => say(sink.style("yellow", text)),
    show(stages) {
      multi ??= new MultiBar(
        { stream: terminal, clearOnComplete: false, hideCursor: true, format: formatBar(sink, widestName(stages)) },
        Presets.shades_classic,
      );
      for (const { name, done, total } of stages) {
        const bar = shown.get(name) ?? multi.create(total ?? 0, 0, { name });
        shown.set(name, bar);
        bar.setTotal(total ?? 0);
        bar.update(done);
      }
    },
    end() {
      multi?.update();
      multi?.stop();
      multi = undefined;
    },
  };
}

function formatBar(sink: Sink, nameWidth: number): GenericFormatter {
  const width = 30;
  return (_options, { progress, value, total }, payload: { name: string }) => {
    const filled = total === 0 ? 0 : Math.round(progress * width);
    const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
    const figures = total === 0 ? "" : `${count(value)} of ${count(total)}`;
    return `${payload.name.padEnd(nameWidth)}  ${sink.style(total > 0 && value >= total ? "green" : "cyan", bar)}  ${figures}`;
  };
}

function lines(sink: Sink, clock: () => number): Progress {
  const complete = new Set<string>();
  let lastMs: number | undefined;
  return {
    step: (text) => sink.write(`${text}\n`),
    warn: (text) => sink.write(`${text}\n`),
    show(stages) {
      const width = widestName(stages);
      lastMs ??= clock();
      const due = clock() - lastMs >= quietMs;
      for (const stage of stages) {
        const isComplete = stage.total !== undefined && stage.total > 0 && stage.done >= stage.total;
        const isNew = isComplete && !complete.has(stage.name);
        if (isNew) complete.add(stage.name);
        if (!isNew && !(due && !isComplete && stage.done > 0)) continue;
        sink.write(`${stage.name.padEnd(width)}  ${count(stage.done)} of ${count(stage.total ?? 0)}\n`);
        lastMs = clock();
      }
    },
    end: () => undefined,
  };
}

function widestName(stages: readonly Stage[]): number {
  return Math.max(0, ...stages.map(({ name }) => name.length));
}
