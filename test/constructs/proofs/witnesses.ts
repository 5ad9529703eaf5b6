import * as z from "zod";
import type { ResolvedResource } from "../../../lib/local/template/interpret.ts";

export type Context = Record<string, string>;
/** What an allowing statement of the template may be asked for: a context that fulfils it, and resources that it means. */
export type Witness = { actions: string[]; resources: string[]; context: Context };

const Strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Allowing = z.looseObject({
  Effect: z.literal("Allow"),
  Action: Strings.optional(),
  Resource: Strings.default([]),
  Condition: z.record(z.string(), z.record(z.string(), Strings)).default({}),
});

const Conditional = z.looseObject({
  Effect: z.string(),
  Action: Strings.default(["*"]),
  Condition: z.record(z.string(), z.unknown()),
});

/**
 * One witness for each way to fulfil each allowing statement of the template, so that a grant under conditions of which
 * the proofs do not think is asked for too.
 */
export function witnessesOf(resources: readonly ResolvedResource[]): Witness[] {
  const found: Witness[] = [];
  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const statement = Allowing.safeParse(value);
    if (!statement.success) {
      Object.values(value).forEach(visit);
      return;
    }
    const { Action = ["*"], Resource, Condition } = statement.data;
    const requirements = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => values.map((wanted) => fulfilling(operator, key, wanted))),
    );
    for (const context of combinations(requirements)) {
      found.push({ actions: Action, resources: Resource.map(instance), context });
    }
  }
  visit(resources.map(({ properties }) => properties));
  return found;
}

/** The actions of all statements that ask for a condition key, those that deny included. */
export function actionsUnder(key: string, resources: readonly ResolvedResource[]): string[] {
  const found: string[] = [];
  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const statement = Conditional.safeParse(value);
    if (!statement.success) Object.values(value).forEach(visit);
    else if (JSON.stringify(statement.data.Condition).includes(key)) found.push(...statement.data.Action);
  }
  visit(resources.map(({ properties }) => properties));
  return found;
}

/** Text that a pattern matches. */
function instance(pattern: string): string {
  return pattern.replaceAll("*", "any").replaceAll("?", "x");
}

function fulfilling(operator: string, key: string, wanted: string): Context {
  if (operator.includes("Not")) return { [key]: "arn:aws:any:any:000000000000:else" };
  if (operator.includes("Null")) return wanted === "true" ? {} : { [key]: "arn:aws:any:any:000000000000:any" };
  return { [key]: operator.includes("Equals") && operator.includes("String") ? wanted : instance(wanted) };
}

function combinations(requirements: Context[][]): Context[] {
  return requirements.reduce<Context[]>(
    (contexts, ways) => contexts.flatMap((context) => ways.map((way) => ({ ...context, ...way }))),
    [{}],
  );
}
