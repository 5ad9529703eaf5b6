const measuredMs = 400;

/**
 * How many times longer work takes here than on a machine that does nothing else: 1 where this process has a core to
 * itself. A run whose clocks go fast leaves a busy machine too little time for what it must do.
 */
export function contention(): number {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - startedMs < measuredMs);
  const { user, system } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedMs;
  return Math.max(1, elapsedMs / Math.max(1, (user + system) / 1000));
}
