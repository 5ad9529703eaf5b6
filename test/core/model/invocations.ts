import { createHash } from "node:crypto";
import type { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import type { Zone } from "../../../lib/core/names.ts";
import { ClassifyMessage, CollectMessage, ShardMessage, UploadMessage } from "../../../lib/core/protocol/messages.ts";
import { AnswerCache } from "../../../lib/core/work/answer-cache.ts";
import { Budgets } from "../../../lib/core/work/budgets.ts";
import { cancelBatch } from "../../../lib/core/work/cancel-batch.ts";
import { createCancellations } from "../../../lib/core/work/cancellations.ts";
import { classifyChunk, repairShard } from "../../../lib/core/work/classify-chunk.ts";
import { classifySingles } from "../../../lib/core/work/classify-singles.ts";
import { collectBatch } from "../../../lib/core/work/collect-batch.ts";
import { fallBack } from "../../../lib/core/work/fall-back.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { createHop } from "../../../lib/core/work/hop.ts";
import { planBatch } from "../../../lib/core/work/plan-batch.ts";
import { sendReplies } from "../../../lib/core/work/send-replies.ts";
import { serveLane } from "../../../lib/core/work/serve-lane.ts";
import { sweep } from "../../../lib/core/work/sweep.ts";
import { memoryAnswers } from "../../fakes/memory-answers.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { noLimits } from "../../fakes/no-limits.ts";
import { simpleRouter } from "../work/simple-router.ts";
import type { Ended } from "./histories.ts";
import type { Ports } from "./ports.ts";

export const leaseMs = 150_000;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const hash128 = (text: string) => createHash("md5").update(text).digest();

/** One thing that is to be done: a queue's message, or what a person or the clock asks for. */
export type Task = {
  queue: string;
  body: string;
  /** Unlike that of any other invocation that makes names. */
  name: string;
  /** It was received before. */
  again: boolean;
};

/** Runs the function that a task is for, the real one, over an invocation's ports. */
export function createInvocations(document: PolicyDocument) {
  const compiled = { document, decider: createDecider(document, "us-east-1") };
  const router = simpleRouter(document);

  return async ({ queue, body, name, again }: Task, ports: Ports): Promise<Ended> => {
    const { clock, batches, chunks, open, jobs, ledgers, intake, general, restricted } = ports;
    const queues = new Map<string, ReturnType<Ports["queue"]>>();
    // One object a queue: what goes to the same is sent together.
    const queueOf = (to: string) => {
      const known = queues.get(to) ?? ports.queue(to);
      queues.set(to, known);
      return known;
    };
    const zones = { general, restricted };
    const common = {
      clock,
      random: () => 0,
      batches,
      chunks,
      open,
      intake,
      zones,
      collect: queueOf("collect"),
      lanes: {
        queueFor: (deployment: string, place: "lane" | "fallback", zone: Zone) =>
          queueOf(`${place} ${deployment} ${zone}`),
      },
    };
    const json = (): unknown => JSON.parse(body);
    const kept = (error: unknown): void => {
      errors.push(error instanceof Error ? error.message : String(error));
    };
    const errors: string[] = [];
    const zoned = (zone: Zone) => {
      const limits = noLimits(clock);
      return {
        ...common,
        limits,
        cancellations: createCancellations({ clock, batches: { read: ports.flag } }),
        objects: zones[zone],
        budgets: new Budgets({
          clock,
          hash,
          store: ledgers,
          budgets: () => document.policy.budgets,
          region: "us-east-1",
          leaseMs,
        }),
        leaseMs,
        hopFor: async () => createHop(compiled, () => compiled, zone, clock),
        // Each invocation is a worker of its own: what one knows of a deployment's rest, no other does.
        gate: new Gate({
          clock,
          sleep: async () => {},
          limits,
          cooldowns: memoryCooldowns(),
          policy: () => document.policy.cooldown,
          concurrency: () => 1,
        }),
      };
    };
    const classifying = () => {
      let made = 0;
      return {
        ...common,
        hash,
        uniqueName: () => `${name}-${made++}`,
        routerFor: async () => router,
        replyQueues: async () => document.policy.replyQueues,
        onPlanned: () => {},
        onError: kept,
      };
    };
    const [first = "", deployment = "", where] = queue.split(" ");
    const zone: Zone = where === "restricted" ? "restricted" : "general";
    switch (first) {
      case "uploads":
        await planBatch(UploadMessage.parse(json()).detail.object, {
          ...common,
          hash,
          hash128,
          chunks: queueOf("chunks"),
          policy: document,
        });
        return { kind: "done" };
      case "jobs": {
        const job = { messageId: "m", body, senderId: "AIDAEXAMPLE", redelivered: again };
        const [disposition] = await classifySingles([job], { ...classifying(), jobs });
        return ended(disposition, errors);
      }
      case "chunks": {
        const deps = classifying();
        const message = ClassifyMessage.parse(json());
        await (message.kind === "chunk" ? classifyChunk(message, deps) : repairShard(message, deps));
        return { kind: "done" };
      }
      case "lane": {
        const [disposition] = await serveLane([ShardMessage.parse(json())], {
          ...zoned(zone),
          sleep: async () => {},
          remainingMs: () => 120_000,
          cache: new AnswerCache({
            clock,
            hash,
            newSalt: () => "salt",
            answers: memoryAnswers(),
            objects: zones[zone],
          }),
          provider: async ({ name: called }) => ({
            call: (call) => ports.call(called, JSON.stringify(call.body.messages)),
            close: async () => {},
          }),
          onAttempt: () => {},
          onError: kept,
          own: queueOf(queue),
          high: queueOf(queue),
          dead: queueOf(`fallback ${deployment} ${zone}`),
          serves: (other) => other === deployment,
        });
        return ended(disposition, errors);
      }
      case "fallback":
        return ended(await fallBack(ShardMessage.parse(json()), { ...zoned(zone), onMoved: () => {} }), errors);
      case "collect": {
        const message = CollectMessage.parse(json());
        if (message.kind === "batch")
          await collectBatch(message.batch, {
            ...common,
            isoTime: (ms) => new Date(ms).toISOString(),
            policy: async () => document,
            announce: () => ports.announce(),
          });
        else await sendReplies(message.chunk, message.shard, { ...common, replyQueue: (to) => queueOf(`reply ${to}`) });
        return { kind: "done" };
      }
      case "cancel":
        await cancelBatch(body, { batches, clock });
        return { kind: "done" };
      case "sweep":
        await sweep({
          ...common,
          hash,
          chunksQueue: queueOf("chunks"),
          uploads: queueOf("uploads"),
          onCounts: (_, outcome) => kept(`The counts were ${outcome}.`),
          ledgers,
          budgets: () => document.policy.budgets,
          region: "us-east-1",
          onUsed: () => {},
          onError: kept,
        });
        return { kind: "done" };
    }
    throw new Error(`Nothing reads the queue ${queue}.`);
  };
}

function ended(disposition: "done" | "keep" | undefined, [error]: readonly string[]): Ended {
  if (disposition === "done") return { kind: "done" };
  return error === undefined ? { kind: "kept" } : { kind: "kept", error };
}
