/** JSON nested deeper than this is refused: it can be parsed, but not written again. */
export const deepestJson = 100;

/** Whether arrays and objects are nested in each other more than `levels` deep. Looks no deeper than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
