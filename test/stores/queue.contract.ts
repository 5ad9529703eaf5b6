import { expect, it } from "vitest";
import type { Outgoing, Queue } from "../../lib/core/ports.ts";

/** A new queue, and what it holds: the bodies of all messages that can be received now. */
export type QueueUnderTest = { queue: Queue; receive(): Promise<string[]> };

/** What every queue does. */
export function queueContract(make: () => Promise<QueueUnderTest>): void {
  it("sends many messages, whatever their number", async () => {
    const { queue, receive } = await make();
    const bodies = Array.from({ length: 23 }, (_, index) => JSON.stringify({ index }));

    await queue.send(bodies.map((body) => ({ body })));
    await queue.send([]);

    expect((await receive()).toSorted()).toEqual(bodies.toSorted());
  });

  it("sends messages that together are larger than one request", async () => {
    const { queue, receive } = await make();
    const messages: Outgoing[] = Array.from({ length: 7 }, (_, index) => ({
      body: JSON.stringify(`${index}${"é".repeat(110_000)}`),
    }));

    await queue.send(messages);

    expect(await receive()).toHaveLength(7);
  });

  it("keeps a delayed message back", async () => {
    const { queue, receive } = await make();

    await queue.send([{ body: "1", delaySeconds: 600 }, { body: "2" }]);

    expect(await receive()).toEqual(["2"]);
  });

  it("carries any JSON text, and any tenant's name", async () => {
    const { queue, receive } = await make();
    const text = "\u0000\u0007\uFFFE\uFFFF\uD800 \u{1F600} \r\n\t é";

    await queue.send([{ body: JSON.stringify(text), group: "Müller & Söhne" }]);

    const [received = "null"] = await receive();
    expect(JSON.parse(received)).toBe(text);
  });
}
