import { expect, it } from "vitest";
import { createDecider } from "../../../lib/core/decide.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { createHop } from "../../../lib/core/work/hop.ts";
import { runJob } from "../../../lib/core/work/run-job.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { noLimits } from "../../fakes/no-limits.ts";
import { configuration, documentOf, jobOf } from "../policy-fixture.ts";

it("calls nobody whose fact ended while the job waited before the gate", async () => {
  const endsMs = Date.parse("2027-01-01");
  const document = documentOf(
    configuration.replace("dpa: true, baa: true", "dpa: true, baa: { value: true, until: 2026-12-31 }"),
  );
  const compiled = { document, decider: createDecider(document, "us-east-1") };
  let nowMs = endsMs - 1000;
  const clock = () => nowMs;
  const sleep = async (ms: number) => {
    nowMs += ms;
  };
  const hop = createHop(compiled, () => compiled, "restricted", clock);
  const gate = new Gate({
    clock,
    sleep,
    limits: noLimits(clock),
    cooldowns: memoryCooldowns(),
    policy: () => document.policy.cooldown,
    concurrency: () => 4,
  });
  await gate.report("nova", { kind: "call" }, "rate-limited", 1500);
  const { nova } = document.policy.deployments;
  if (nova === undefined) throw new Error("The fixture has no nova.");
  const route = { tier: "lightweight", chain: ["nova"], dataClass: "phi", needs: [], deadlineMs: endsMs * 2 } as const;
  let calls = 0;

  const end = await runJob(
    { line: 1, route: 0, inputTokens: 1, maxOutputTokens: 1, body: jobOf().body },
    { ...route, chain: [...route.chain], needs: [] },
    nova,
    {
      clock,
      sleep,
      random: () => 0,
      remainingMs: () => 200_000,
      gate,
      hop,
      isCancelled: async () => false,
      provider: async () => ({
        call: async () => {
          calls += 1;
          return { kind: "failed", error: { kind: "timeout", detail: "timeout" } };
        },
        close: async () => {},
      }),
      onAttempt: () => {},
      onError: (error) => {
        throw error;
      },
    },
  );

  expect(calls).toBe(0);
  expect(end).toMatchObject({
    kind: "goes-on",
    exclude: { nova: "permanent" },
    refused: [{ deployment: "nova", reason: "class phi requires baa: true, which held until 2026-12-31" }],
  });
});

it("sends nothing as it is once a policy asks for redaction, though the job was made ready before", async () => {
  const [planned, later] = ["", "redact: true, "].map((redact) => {
    const text = configuration.replace("internal: { require", `internal: { ${redact}require`);
    const document = documentOf(
      `${text.replace("financial: {", "financial: { quarantine: true,")}detect: { raiseTo: { email: phi } }\n`,
    );
    return { document, decider: createDecider(document, "us-east-1") };
  });
  if (planned === undefined || later === undefined) throw new Error("no policy");
  const { gpt } = planned.document.policy.deployments;
  if (gpt === undefined) throw new Error("The fixture has no gpt.");
  let nowMs = 1_000_000;
  const clock = () => nowMs;
  // The new policy becomes current while the job waits before the gate.
  const sleep = async (ms: number) => {
    nowMs += ms;
  };
  const hop = createHop(planned, () => (nowMs > 1_000_000 ? later : planned), "general", clock);
  const gate = new Gate({
    clock,
    sleep,
    limits: noLimits(clock),
    cooldowns: memoryCooldowns(),
    policy: () => planned.document.policy.cooldown,
    concurrency: () => 4,
  });
  await gate.report("gpt", { kind: "call" }, "rate-limited", 1500);
  const sent: unknown[] = [];

  const end = await runJob(
    {
      line: 1,
      route: 0,
      inputTokens: 1,
      maxOutputTokens: 1,
      body: { model: "auto", messages: [{ role: "user", content: "ann@example.com" }] },
      found: [{ part: "messages[0].content", findings: [{ type: "email", start: 0, end: 15, confidence: 1 }] }],
    },
    { tier: "lightweight", chain: ["gpt"], dataClass: "internal", needs: [], deadlineMs: 1e15, redactable: true },
    gpt,
    {
      clock,
      sleep,
      random: () => 0,
      remainingMs: () => 200_000,
      gate,
      hop,
      isCancelled: async () => false,
      provider: async () => ({
        call: async ({ body }) => {
          sent.push(body.messages[0]?.content);
          return { kind: "completed", response: {}, usage: { inputTokens: 1, outputTokens: 1 } };
        },
        close: async () => {},
      }),
      onAttempt: () => {},
      onError: (error) => {
        throw error;
      },
    },
  );

  expect(sent).toEqual(["[EMAIL_1]"]);
  expect(end.attempts).toMatchObject([{ deployment: "gpt", outcome: "ok", redacted: true }]);
});
