import { beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { policyDocument } from "../../fakes/policy-document.ts";
import { fakeIo } from "../fake-io.ts";
import { stackInEmulators } from "../stack-in-emulators.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const stack = stackInEmulators(() => nowMs);

beforeAll(async () => {
  await stack().deploy(policyDocument("v1"), 1);
});

async function run(...args: string[]) {
  const io = fakeIo({ cwd: "/", env: { USER: "ann" }, nowMs });
  return { code: await main([...args, ...stack().flags], io), io };
}

describe("pause and resume", () => {
  it("are listed with who, why and until when, and leave nothing behind", async () => {
    const paused = await run("pause", "nova-lite", "--reason", "strange answers", "--for", "2h", "--json");
    const listed = await run("cooldowns", "--json");
    const shown = await run("cooldowns");
    const resumed = await run("resume", "nova-lite", "--json");
    const again = await run("resume", "nova-lite");
    const empty = await run("cooldowns");

    expect([paused, listed, shown, resumed, again, empty].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const until = "2026-11-23T14:00:00.000Z";
    const since = "2026-11-23T12:00:00.000Z";
    expect(paused.io.json()).toEqual({
      deployment: "nova-lite",
      paused: true,
      since,
      until,
      reason: "strange answers",
      tiersWaiting: ["lightweight", "standard", "capable"],
    });
    expect(listed.io.json()).toEqual({
      deployments: [
        {
          deployment: "nova-lite",
          kind: "paused",
          state: "paused",
          since,
          until,
          level: 0,
          reason: "strange answers",
          by: "ann",
        },
      ],
    });
    expect(shown.io.out()).toMatch(/nova-lite.*paused.*12:00:00.*14:00:00.*strange answers.*ann/);
    expect(resumed.io.json()).toEqual({ deployment: "nova-lite", resumed: true, restsUntil: null });
    expect(again.io.out()).toBe("nova-lite was not paused.\n");
    expect(empty.io.out()).toMatch(/^Every deployment may be called/);
  });

  it("tell people that a tier has nobody left", async () => {
    const { io } = await run("pause", "nova-lite");
    await run("resume", "nova-lite");

    expect(io.out()).toContain('until "npx switchyard resume nova-lite"');
    expect(io.out()).toContain("Every deployment of lightweight and standard and capable is paused now");
  });

  it.each([
    [["pause", "nova-light"], /no deployment nova-light; did you mean "nova-lite"\?; there are: nova-lite/],
    [["resume", "nova-light"], /no deployment nova-light/],
    [["pause", "nova-lite", "--until", "soon"], /--until soon is not a time .* --for takes a duration/],
    [["pause", "nova-lite", "--for", "soon"], /--for soon is not a duration such as 30m/],
    [["pause", "nova-lite", "--for", "0h"], /--for 0h is not a duration/],
    [["pause", "nova-lite", "--for", "2h", "--until", "2026-11-24"], /cannot be used with/],
    [["pause", "nova-lite", "--until", "2026-11-23T11:00Z"], /is in the past/],
    [["cooldowns", "clear", "nova"], /no deployment nova;/],
  ] as const)("of %j say what is wrong", async (args, message) => {
    const { code, io } = await run(...args);

    expect(code).toBe(2);
    expect(io.err()).toMatch(message);
    expect((await stack().cooldowns.read(["nova-light", "nova"])).size).toBe(0);
  });
});

describe("cooldowns", () => {
  it("shows a rest, and clears it but not a pause", async () => {
    await stack().cooldowns.cool("nova-lite", { untilMs: nowMs + 60_000, level: 3, kind: "auth", sinceMs: nowMs - 1 });
    await run("pause", "nova-lite");

    const before = await run("cooldowns", "--json");
    const resumed = await run("resume", "nova-lite");
    await run("pause", "nova-lite");
    const cleared = await run("cooldowns", "clear", "nova-lite", "--json");
    const again = await run("cooldowns", "clear", "nova-lite");
    const after = await run("cooldowns", "--json");
    await run("resume", "nova-lite");

    expect(before.io.json()).toMatchObject({
      deployments: [
        { kind: "paused", until: null },
        { kind: "auth", state: "resting", level: 3, until: "2026-11-23T12:01:00.000Z" },
      ],
    });
    expect(resumed.io.out()).toContain("It rests until 2026-11-23 12:01:00 UTC");
    expect(cleared.io.json()).toEqual({ deployment: "nova-lite", cleared: true, paused: true });
    expect(again.io.out()).toBe('nova-lite did not rest. It is paused; "npx switchyard resume nova-lite" ends that.\n');
    expect(after.io.json()).toMatchObject({ deployments: [{ kind: "paused" }] });
  });

  it("clears a rest so that the next one may end earlier", async () => {
    const { cooldowns: store } = stack();
    await store.cool("nova-lite", { untilMs: nowMs + 900_000, level: 2, kind: "auth" });

    const cleared = await run("cooldowns", "clear", "nova-lite");
    await store.cool("nova-lite", { untilMs: nowMs + 5000, level: 1, kind: "overload" });
    const listed = await run("cooldowns", "--json");
    await run("cooldowns", "clear", "nova-lite");

    expect(cleared.io.out()).toBe("The rest of nova-lite is over: workers call it within a second.\n");
    expect(listed.io.json()).toMatchObject({
      deployments: [{ kind: "overload", state: "resting", level: 1, until: "2026-11-23T12:00:05.000Z" }],
    });
  });

  it("shows a rest that is over as probing until a call succeeds", async () => {
    await stack().cooldowns.cool("nova-lite", { untilMs: nowMs + 120_001, level: 1, kind: "overload" });
    const io = fakeIo({ cwd: "/", nowMs: nowMs + 120_001 });

    await main(["cooldowns", "--json", ...stack().flags], io);

    expect(io.json()).toMatchObject({ deployments: [{ kind: "overload", state: "probing", level: 1 }] });
  });
});
