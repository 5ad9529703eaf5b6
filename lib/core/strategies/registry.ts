import { byComplexity } from "./complexity.ts";
import type { Strategy } from "./strategy.ts";

/** One line a strategy: the name that `routing.then` gives it. */
const registry: ReadonlyMap<string, Strategy> = new Map([["complexity", byComplexity]]);

export const strategyNames: readonly string[] = [...registry.keys()];

/** The strategies of these names, in their order. Throws on an unknown one: `compile` refuses it. */
export function strategiesOf(names: readonly string[]): [name: string, strategy: Strategy][] {
  return names.map((name) => {
    const strategy = registry.get(name);
    if (strategy === undefined) throw new Error(`There is no strategy ${name}; there are ${strategyNames.join(", ")}.`);
    return [name, strategy];
  });
}
