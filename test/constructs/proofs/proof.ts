import type { Edit } from "./template-edits.ts";
import type { World } from "./world.ts";

/** One sentence of the design's Security section, as something that a stack fulfils or does not. */
export type Proof = {
  sentence: string;
  /** What contradicts the sentence: nothing, if it holds. */
  violations: (world: World) => string[];
  /** Faults that someone could make, each of which the proof must find. */
  breaks: readonly { how: string; edit: Edit }[];
};
