/** The functions' processes that the harness ends or stops, and those that were cut off in their work. */
export type Processes = {
  /** Ends it at once, wherever it is. */
  kill(pid: number): void;
  freeze(pid: number): void;
  /** Lets it go on, and ends it a while later: what it did meanwhile nobody waits for. */
  thaw(pid: number, endsAfterMs: number): void;
  isFrozen(pid: number): boolean;
  /** It was ended by something else than its own return: a time-out, a crash. */
  wasCut(pid: number): void;
  /** Every process that did not come to its end. */
  cut(): ReadonlySet<number>;
  /** Ends what is still frozen. */
  stop(): void;
};

export function createProcesses(): Processes {
  const cut = new Set<number>();
  const frozen = new Set<number>();
  const thawed = new Set<number>();

  function signal(pid: number, name: NodeJS.Signals): void {
    try {
      process.kill(pid, name);
    } catch {
      // It is gone already.
    }
  }

  return {
    kill(pid) {
      cut.add(pid);
      signal(pid, "SIGKILL");
    },
    freeze(pid) {
      cut.add(pid);
      frozen.add(pid);
      signal(pid, "SIGSTOP");
    },
    thaw(pid, endsAfterMs) {
      signal(pid, "SIGCONT");
      frozen.delete(pid);
      thawed.add(pid);
      setTimeout(() => {
        thawed.delete(pid);
        signal(pid, "SIGKILL");
      }, endsAfterMs);
    },
    isFrozen: (pid) => frozen.has(pid),
    wasCut: (pid) => void cut.add(pid),
    cut: () => cut,
    stop() {
      for (const pid of [...frozen, ...thawed]) signal(pid, "SIGKILL");
    },
  };
}
