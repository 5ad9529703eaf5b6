import * as z from "zod";

/** One time that a version was made current. */
export const Publication = z.object({
  version: z.string(),
  how: z.enum(["deploy", "publish", "rollback"]),
  /** Unix milliseconds; not known of one that a version of Switchyard without a history made. */
  atMs: z.int().optional(),
  /** Who says to have done it: for people, not a proof. */
  by: z.string().optional(),
  note: z.string().optional(),
});
export type Publication = z.infer<typeof Publication>;

const Brought = z.object({ version: z.string(), generation: z.number(), format: z.string().optional() });
/** What a deploy brings: its policy, how new it is, and the format of the documents that its functions read. */
export type Brought = z.infer<typeof Brought>;

/** The one item that says which policy version is current, and what was before. */
export const PolicyState = z.object({
  version: z.string(),
  /** Of the newest deploy whose functions have run: a publication keeps it, so only a newer deploy comes after it. */
  generation: z.number(),
  /** Counts the changes: who changes says which state it saw. */
  serial: z.int().nonnegative().default(0),
  deployed: Brought.optional(),
  /** The newest last. */
  history: z.array(Publication).default([]),
});
export type PolicyState = z.infer<typeof PolicyState>;

/** Publications kept: every function reads the item, and pays for its size. */
const kept = 20;

/** The state after a deploy's functions first ran; undefined when it is not newer than what is there. */
export function afterDeploy(state: PolicyState | undefined, brought: Brought, atMs: number): PolicyState | undefined {
  if (state !== undefined && state.generation >= brought.generation) return undefined;
  const { version, generation } = brought;
  const publication: Publication = { version, how: "deploy", atMs };
  return { ...next(state, publication), generation, deployed: brought };
}

/** The state after a version was made current without a deploy. */
export function afterPublication(state: PolicyState, publication: Publication): PolicyState {
  return next(state, publication);
}

/** What the newest deploy brought. */
export function deployedOf({ version, generation, deployed }: PolicyState): Brought {
  // An item of a version without a history knows deploys only, and none of their formats.
  return deployed?.generation === generation ? deployed : { version, generation };
}

/** Every publication that is known, the oldest first; the last is current. */
export function publicationsOf({ version, history }: PolicyState): Publication[] {
  return history.at(-1)?.version === version ? history : [...history, { version, how: "deploy" }];
}

/** The version that was current before the one that is. */
export function previousOf(state: PolicyState): string | undefined {
  return publicationsOf(state).findLast(({ version }) => version !== state.version)?.version;
}

function next(state: PolicyState | undefined, publication: Publication): PolicyState {
  const before = state === undefined ? [] : publicationsOf(state);
  return {
    generation: 0,
    ...state,
    // An item of a version without a history says what was deployed by nothing else.
    ...(state === undefined ? {} : { deployed: deployedOf(state) }),
    version: publication.version,
    serial: (state?.serial ?? 0) + 1,
    history: [...before, publication].slice(-kept),
  };
}
