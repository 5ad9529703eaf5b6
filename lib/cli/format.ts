/** Figures as people read them; `--json` gives them exactly. */

/** `$1.23`, `$0.0123`, `$0.000123`: at least two digits that say something. */
export function usd(dollars: number): string {
  if (dollars === 0) return "$0";
  const size = Math.abs(dollars);
  return `$${dollars.toFixed(size >= 1 ? 2 : size >= 0.01 ? 4 : 6)}`;
}

/** Dollars of integer nano-dollars. */
export function usdOfNano(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

/** `812 ms`, `1.2 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

const counts = new Intl.NumberFormat("en-US");

/** `12,345` */
export function count(number: number): string {
  return counts.format(number);
}

/** `1 line`, `2,139 lines` */
export function countOf(number: number, singular: string, plural = `${singular}s`): string {
  return `${count(number)} ${number === 1 ? singular : plural}`;
}

/** `42.3 %`; of nothing, `–`. */
export function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(1)} %`;
}

/** `2026-11-23 14:05:09` in UTC. */
export function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
