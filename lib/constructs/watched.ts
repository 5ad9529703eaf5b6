import type { Handler } from "./handler.ts";
import type { Queues } from "./queues.ts";
import type { Zone } from "./zone.ts";

/** What the dashboard shows and alarms look at. */
export type Watched = {
  queues: Queues;
  zones: readonly Zone[];
  /** Every function under the name that people see. */
  handlers: readonly (readonly [string, Handler])[];
};
