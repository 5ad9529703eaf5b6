import type { Outgoing } from "../../../lib/core/ports.ts";
import type { StoreName } from "./stores.ts";

/** What a function asks of the world, and is stopped at until it is answered. Answers are numbers of values. */
export type Operation =
  /** One request to one store: what it held in, an answer and what it holds out. */
  | {
      kind: "store";
      store: StoreName;
      /** Says all about it: the same label on the same content is the same. */
      label: string;
      perform: (content: number) => { answer: number; content: number };
      /** It reads what nobody will ever change: when it happens makes no difference. */
      commutes: (content: number) => boolean;
    }
  | { kind: "send"; label: string; queue: string; messages: readonly Outgoing[] }
  /** A provider's call: the model tries each answer that the scope allows. */
  | { kind: "call"; label: string; answers: Readonly<Record<"ok" | "transient" | "limited", number>> }
  | { kind: "announce"; label: string };

export type Asked = { operation: Operation; resume: (answer: number) => void };
