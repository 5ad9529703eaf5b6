/** The same values in every run: a multiplicative congruential generator (Park and Miller). */
export type Random = {
  /** From 0 to `bound` - 1. */
  below(bound: number): number;
  digits(count: number): string;
  letters(count: number, alphabet?: string): string;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
};

export function createRandom(seed: number): Random {
  let state = seed;
  function below(bound: number): number {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * bound);
  }
  function text(count: number, alphabet: string): string {
    return Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join("");
  }
  return {
    below,
    digits: (count) => text(count, "0123456789"),
    letters: (count, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") => text(count, alphabet),
    pick: (values) => values[below(values.length)] ?? values[0],
  };
}
