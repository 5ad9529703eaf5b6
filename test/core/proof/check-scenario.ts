import { isDeepStrictEqual } from "node:util";
import type { ChatBody } from "../../../lib/core/chat.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import type { Decision } from "../../../lib/core/decision.ts";
import type { Detection } from "../../../lib/core/detect/detection.ts";
import { features } from "../../../lib/core/features.ts";
import type { Job } from "../../../lib/core/job.ts";
import { Zone } from "../../../lib/core/names.ts";
import { type ParsedLine, planChunk, withTenant } from "../../../lib/core/work/plan-chunk.ts";
import { createRouter } from "../../../lib/core/work/router.ts";
import { checkHops } from "./check-hops.ts";
import { checkLanes } from "./check-lanes.ts";
import { checkRaise } from "./check-raise.ts";
import { compileWritten } from "./compile-written.ts";
import { faultOf, type Given, tenantOf } from "./expected-decision.ts";
import { bodyOf, defaultsOf, type JobDraft, optionsOf, toldOf } from "./job-arbitrary.ts";
import { laterOf } from "./later-arbitrary.ts";
import { countDecision } from "./outcomes.ts";
import { compiledAtMs, type Scenario } from "./scenario.ts";
import type { Tally } from "./tally.ts";
import { Violation } from "./violation.ts";
import type { Written } from "./written.ts";

/** Decides every job of a scenario as classify does, lets it hop, and throws a `Violation` at what the design forbids. */
export async function checkScenario(scenario: Scenario, tally: Tally): Promise<void> {
  const { atMs } = scenario;
  const { written, document } = compileWritten(scenario.written, compiledAtMs);
  const later = compileWritten(laterOf(written, scenario.later), compiledAtMs);
  const { regions } = document.policy;
  const home = regions[scenario.homeAt % regions.length] ?? "";
  tally.count("policies", 2);
  checkLanes(written, document.policy, tally);

  const batch = defaultsOf(scenario.batch, written);
  const lines = scenario.jobs.map((draft, index) => lineOf(draft, index + 1, written));
  const found = new Map<ChatBody, Detection>(lines.map(({ job, draft }) => [job.body, draft.detection]));
  const compiled = { document, decider: createDecider(document, home) };
  const detect = written.detect === undefined ? undefined : (body: ChatBody): Detection => known(found.get(body));
  const { plan, shards, refused } = await planChunk(
    lines.map(({ job, told }): ParsedLine => ({ kind: "job", job, ...(told !== undefined && { tenant: told }) })),
    {
      router: createRouter(compiled, () => atMs, detect),
      defaults: batch,
      acceptedAtMs: atMs,
      deadlineMs: atMs + 1,
      onError(error) {
        throw error;
      },
    },
  );
  const zones = new Map<number, string>();
  for (const { places, zone, deployment } of shards)
    for (const place of places) zones.set(place, `${zone} ${deployment}`);

  const current = { document: later.document, decider: createDecider(later.document, home) };
  const again = createDecider(structuredClone(document), home);
  for (const [place, { job, draft, told }] of lines.entries()) {
    const given: Given = {
      job,
      batch,
      told: told ?? batch.tenant,
      detection: detect === undefined ? undefined : draft.detection,
      home,
      atMs,
      size: features(job.body),
    };
    const decision = known(plan.decisions[known(plan.lines[place]).decision]);
    const fault = faultOf(written, given, decision);
    if (fault !== undefined) throw new Violation(`job ${place}: ${fault}`);
    checkPlace(place, decision, zones.get(place), refused, document.policy.dataClasses);
    countDecision(decision, tally);

    const whose = tenantOf(written, given);
    if (whose === "refused") continue;
    const mine = withTenant(job, whose.tenant);
    const circumstances = { nowMs: atMs, detection: given.detection };
    if (!isDeepStrictEqual(again.decide(structuredClone(mine), { ...batch }, circumstances), decision))
      throw new Violation(`job ${place}: is decided otherwise when it is decided again`);
    checkRaise(written, given, mine, draft.raise, compiled.decider, tally);
    if (decision.kind === "routed")
      await checkHops({ written, later: later.written, given, decision, draft, planned: compiled, current }, tally);
  }
}

function lineOf(draft: JobDraft, line: number, written: Written): { job: Job; draft: JobDraft; told?: string } {
  const job = { id: `job-${line}`, line, body: bodyOf(draft, written), options: optionsOf(draft, written) };
  const told = toldOf(draft, written);
  return { job, draft, ...(told !== undefined && { told }) };
}

/** A routed job is in a shard of its zone for the first of its chain; another is under the key of its class's zone. */
function checkPlace(
  place: number,
  decision: Decision,
  packed: string | undefined,
  refused: Record<Zone, { line: number }[]>,
  dataClasses: readonly { name: string; zone: Zone }[],
): void {
  if (decision.kind === "routed") {
    const wanted = `${decision.zone} ${decision.chain[0]}`;
    if (packed !== wanted) throw new Violation(`job ${place}: is packed as ${packed} and not as ${wanted}`);
    return;
  }
  const zone = dataClasses.find(({ name }) => name === decision.dataClass)?.zone ?? "restricted";
  const where = Zone.options.filter((name) => refused[name].some(({ line }) => line === place + 1));
  if (packed !== undefined || where.join() !== zone)
    throw new Violation(`job ${place}: was denied and is under ${where.join()} and not under ${zone}`);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A scenario lacks a part of itself.");
  return value;
}
