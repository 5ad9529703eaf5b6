/** Numbers for values: equal ones have the same number. What it gives back is frozen, as everybody shares it. */
export class Interner<T> {
  readonly #numbers = new Map<string, number>();
  readonly #values: { value: T }[] = [];

  of(value: T): number {
    const text = JSON.stringify(value) ?? "";
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#values.push({ value: deepFreeze(value) }) - 1;
    this.#numbers.set(text, number);
    return number;
  }

  at(number: number): T {
    const found = this.#values[number];
    if (found === undefined) throw new Error(`Nothing has the number ${number}.`);
    return found.value;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
