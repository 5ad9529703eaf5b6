import type { Policy } from "../../../lib/core/configuration/document.ts";
import type { Account } from "../../../lib/local/iam/account.ts";
import { mayDo } from "../../../lib/local/iam/authorize.ts";
import { compilePolicy } from "../../../lib/local/iam/iam-policy.ts";
import { glob } from "../../../lib/local/iam/pattern.ts";
import { readAccount } from "../../../lib/local/iam/read-account.ts";
import { requirementsOf } from "../../../lib/local/iam/requirements.ts";
import { interpretTemplate, type ResolvedResource } from "../../../lib/local/template/interpret.ts";
import type { Template } from "../../../lib/local/template/template.ts";
import { type Subject, subjectsOf, withHolders } from "./subject.ts";
import { actionsUnder, type Context, type Witness, witnessesOf } from "./witnesses.ts";

/** One region's stack, ready to be asked who may do what. */
export type World = {
  /** The configuration that it was synthesized from. */
  policy: Policy;
  account: Account;
  resources: readonly ResolvedResource[];
  subjects: readonly Subject[];
  /** Contexts in which a statement of the template allows an action, and one without anything. */
  contextsFor: (action: string) => readonly Context[];
  /** Resources that a statement of the template means when it allows an action. */
  resourcesFor: (action: string) => readonly string[];
  /** The ways by which a call may come: from anywhere, or through an endpoint of the isolated network. */
  entrances: readonly Context[];
};

export type SynthesizedStack = { policy: Policy; region: string; stackName: string; template: Template };

export function worldOf({ policy, region, stackName, template }: SynthesizedStack): World {
  const stack = interpretTemplate(template, { region, stackName, endpoint: `https://sqs.${region}.amazonaws.com` });
  const resources = [...stack.resources, ...stack.others];
  const account = withHolders(readAccount(resources, region));
  const endpoints = resources.filter(({ type }) => type === "AWS::EC2::VPCEndpoint");
  const entrances = [{}, ...endpoints.map(({ reference }) => ({ "aws:SourceVpce": reference }))];
  return {
    policy,
    account,
    resources,
    subjects: subjectsOf(account, resources),
    entrances,
    ...questionsOf(resources, entrances),
  };
}

/** Whether this one request is allowed, whatever else a call may need. */
export function may(world: World, subject: Subject, action: string, resource: string, context: Context = {}): boolean {
  const [request] = requirementsOf({ action, resource, context }, world.account);
  if (request === undefined) throw new Error(`Nothing is needed for ${action}.`);
  // Of another account, only the resource's own policy speaks here; nobody here vouches for what its own policies allow.
  return mayDo({ ...request, principal: subject.principal }, world.account).kind === "allowed";
}

/** Whether the request is allowed in any context that the template speaks of. */
export function could(world: World, subject: Subject, action: string, resource: string): boolean {
  return world.contextsFor(action).some((context) => may(world, subject, action, resource, context));
}

/** The world in which someone gave a role every right there is. */
export function promoted(world: World, { principal }: Subject): World {
  const found = "arn" in principal ? world.account.roles.get(principal.arn) : undefined;
  if (found === undefined) throw new Error("Only a role of the stack can be given a policy.");
  const everything = compilePolicy(
    { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
    { name: "everything", kind: "identity" },
  );
  const roles = new Map(world.account.roles).set(found.arn, { ...found, policies: [...found.policies, everything] });
  return { ...world, account: { ...world.account, roles } };
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

/** What the template's own grants suggest to ask of an action; remembered, because it is asked often. */
function questionsOf(
  resources: readonly ResolvedResource[],
  entrances: readonly Context[],
): Pick<World, "contextsFor" | "resourcesFor"> {
  const witnesses = witnessesOf(resources);
  const bound = actionsUnder("aws:SourceVpce", resources);
  const means = (patterns: readonly string[], action: string): boolean =>
    patterns.some((pattern) => glob(pattern, { ignoreCase: true })(action));
  const speaking = (action: string): Witness[] => witnesses.filter(({ actions }) => means(actions, action));
  return {
    contextsFor: remembered((action) => {
      const contexts = distinct([{}, ...speaking(action).map(({ context }) => context)]);
      if (!means(bound, action)) return contexts;
      return entrances.flatMap((entrance) => contexts.map((context) => ({ ...context, ...entrance })));
    }),
    resourcesFor: remembered((action) => distinct(speaking(action).flatMap(({ resources }) => resources))),
  };
}

function remembered<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text) ?? compute(text);
    known.set(text, value);
    return value;
  };
}

export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
