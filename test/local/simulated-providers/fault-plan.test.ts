import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { parseFaults } from "../../../lib/local/simulated-providers/fault-plan.ts";

const Configuration = z.object({
  deployments: z.record(z.string(), z.unknown()),
  tiers: z.object({ lightweight: z.object({ chain: z.array(z.unknown()) }) }),
});

const problemsOf = (text: string, names?: string[]) => {
  const parsed = parseFaults(text, names);
  return parsed.kind === "invalid" ? parsed.problems.map(({ path, line, message }) => [path, line, message]) : [];
};

describe("parseFaults", () => {
  it("reads YAML, with durations in milliseconds and a rate of one", () => {
    expect(parseFaults("faults:\n  - { deployment: a, kind: overloaded, from: 10s, until: 2m }\n")).toEqual({
      kind: "valid",
      plan: { faults: [{ deployment: "a", kind: "overloaded", rate: 1, from: 10_000, until: 120_000 }] },
    });
  });

  it("reads JSON, and latencies for all and for one", () => {
    const text =
      '{"latency": {"medianMs": 80, "tailMs": 1000, "tailShare": 0.01, "deployments": {"a": {"medianMs": 5}}}}';

    expect(parseFaults(text, ["a"])).toEqual({
      kind: "valid",
      plan: {
        faults: [],
        latency: { medianMs: 80, tailMs: 1000, tailShare: 0.01, deployments: { a: { medianMs: 5, tailShare: 0 } } },
      },
    });
  });

  it("reads the example, in which the first choice of the lightweight tier is down", () => {
    const configuration = Configuration.parse(parse(readFileSync("examples/switchyard.yaml", "utf8")));

    const parsed = parseFaults(readFileSync("examples/faults.yaml", "utf8"), Object.keys(configuration.deployments));

    expect(parsed).toMatchObject({
      kind: "valid",
      plan: { faults: [{ deployment: configuration.tiers.lightweight.chain[0], kind: "overloaded" }, {}] },
    });
  });

  it.each([
    ["faults:\n  - { deployment: a, kind: overlod }", "faults[0].kind", 2, /expected one of "rate-limited"/],
    [
      "faults:\n  - { deployment: a, kind: hang }\n  - { deployment: a, kind: limit }",
      "faults[1].limitPerMinute",
      3,
      /needs it/,
    ],
    ["faults:\n  - { deployment: a, kind: slow }", "faults[0].latencyMs", 2, /needs it/],
    ["faults:\n  - { deployment: a, kind: auth, limitPerMinute: 5 }", "faults[0].limitPerMinute", 2, /only/],
    ["faults:\n  - deployment: a\n    kind: auth\n    from: 10x", "faults[0].from", 4, /such as 10s or 2m/],
    [
      "faults:\n  - deployment: a\n    kind: auth\n    from: 10s\n    until: 5s",
      "faults[0].until",
      5,
      /later than from/,
    ],
    ["faults:\n  - { deployment: a, kind: auth, rate: 2 }", "faults[0].rate", 2, /1/],
    ["faults:\n  - { deployment: a, kind: auth, rat: 1 }", "faults[0].rat", 2, /did you mean "rate".*allowed/],
    ["\nfault: []", "fault", 2, /did you mean "faults"/],
    ["", "", 1, /must be a map/],
    ["faults: [", "faults", 1, /./],
  ])("names path and line of what is wrong in %j", (text, path, line, message) => {
    expect(problemsOf(text)).toEqual([[path, line, expect.stringMatching(message)]]);
  });

  it("knows the deployments that may be named", () => {
    const text =
      'latency: { deployments: { c: {} } }\nfaults:\n  - { deployment: b, kind: hang }\n  - { deployment: "*", kind: hang }';

    expect(problemsOf(text, ["a"])).toEqual([
      ["latency.deployments.c", 1, expect.stringContaining('no deployment is called "c"')],
      ["faults[0].deployment", 3, expect.stringMatching(/no deployment is called "b".*there are a$/)],
    ]);
  });
});
