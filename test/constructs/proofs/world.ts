import type { Policy } from "../../../lib/core/configuration/document.ts";
import type { Account } from "../../../lib/local/iam/account.ts";
import { mayDo } from "../../../lib/local/iam/authorize.ts";
import { glob } from "../../../lib/local/iam/pattern.ts";
import { readAccount } from "../../../lib/local/iam/read-account.ts";
import { requirementsOf } from "../../../lib/local/iam/requirements.ts";
import { interpretTemplate, type ResolvedResource } from "../../../lib/local/template/interpret.ts";
import type { Template } from "../../../lib/local/template/template.ts";
import { type Subject, subjectsOf, withHolders } from "./subject.ts";
import { type Context, type Witness, witnessesOf } from "./witnesses.ts";

/** One region's stack, ready to be asked who may do what. */
export type World = {
  /** The configuration that it was synthesized from. */
  policy: Policy;
  account: Account;
  resources: readonly ResolvedResource[];
  subjects: readonly Subject[];
  witnesses: readonly Witness[];
};

export type SynthesizedStack = { policy: Policy; region: string; stackName: string; template: Template };

export function worldOf({ policy, region, stackName, template }: SynthesizedStack): World {
  const stack = interpretTemplate(template, { region, stackName, endpoint: `https://sqs.${region}.amazonaws.com` });
  const resources = [...stack.resources, ...stack.others];
  const account = withHolders(readAccount(resources, region));
  return { policy, account, resources, subjects: subjectsOf(account, resources), witnesses: witnessesOf(resources) };
}

/** Whether this one request is allowed, whatever else a call may need. */
export function may(world: World, subject: Subject, action: string, resource: string, context: Context = {}): boolean {
  const [request] = requirementsOf({ action, resource, context }, world.account);
  if (request === undefined) throw new Error(`Nothing is needed for ${action}.`);
  // Of another account, only the resource's own policy speaks here; nobody here vouches for what its own policies allow.
  return mayDo({ ...request, principal: subject.principal }, world.account).kind === "allowed";
}

/** Contexts in which a statement of the template allows the action, and one without anything. */
export function contextsFor(world: World, action: string): Context[] {
  const contexts = [
    {},
    ...world.witnesses.filter(({ actions }) => matches(actions, action)).map(({ context }) => context),
  ];
  return distinct(contexts);
}

/** Resources that a statement of the template means when it allows the action. */
export function resourcesFor(world: World, action: string): string[] {
  return distinct(
    world.witnesses.filter(({ actions }) => matches(actions, action)).flatMap(({ resources }) => resources),
  );
}

/** Whether the request is allowed in any context that the template speaks of. */
export function could(world: World, subject: Subject, action: string, resource: string): boolean {
  return contextsFor(world, action).some((context) => may(world, subject, action, resource, context));
}

/** One entry for each subject, action and resource that is allowed although it should not be. */
export function forbid(
  world: World,
  subjects: readonly Subject[],
  actions: readonly string[],
  resources: readonly string[],
): string[] {
  return subjects.flatMap((subject) =>
    actions.flatMap((action) =>
      resources
        .filter((resource) => could(world, subject, action, resource))
        .map((resource) => `${subject.name} may ${action} ${resource}`),
    ),
  );
}

export function subjectsWhere(world: World, wanted: (subject: Subject) => boolean): Subject[] {
  return world.subjects.filter(wanted);
}

/** The only thing of a name's beginning; throws when there is none or more than one. */
export function only<Entry extends { logicalId: string }>(entries: Iterable<Entry>, logicalId: RegExp): Entry {
  const [found, ...more] = [...entries].filter((entry) => logicalId.test(entry.logicalId));
  if (found === undefined || more.length > 0) throw new Error(`There is not exactly one ${logicalId}.`);
  return found;
}

function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => glob(pattern, { ignoreCase: true })(action));
}

export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
