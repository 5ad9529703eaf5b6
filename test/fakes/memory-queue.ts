import type { Outgoing, Queue } from "../../lib/core/ports.ts";

/** A queue that records what was sent, in `sent`. */
export function memoryQueue(): Queue & { sent: Outgoing[] } {
  const sent: Outgoing[] = [];
  return {
    sent,
    async send(messages) {
      sent.push(...messages.map((message) => ({ ...message })));
    },
  };
}
