/** A measured value with what it should be. */
export type Figure = { value: number; target: string; met: boolean };

export function atLeast(value: number, least: number): Figure {
  return { value: rounded(value), target: `>= ${least}`, met: value >= least };
}

export function atMost(value: number, most: number): Figure {
  return { value: rounded(value), target: `<= ${most}`, met: value <= most };
}

export function below(value: number, limit: number): Figure {
  return { value: rounded(value), target: `< ${limit}`, met: value < limit };
}

/** Four significant digits: more would say more than was measured; whole numbers stay whole. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}

/** Every figure in a report that missed its target, by its path. */
export function missed(report: unknown, path = ""): string[] {
  if (typeof report !== "object" || report === null) return [];
  if ("met" in report && "target" in report) return report.met === true ? [] : [path];
  return Object.entries(report).flatMap(([key, value]) => missed(value, path === "" ? key : `${path}.${key}`));
}
