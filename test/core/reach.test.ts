import { describe, expect, it } from "vitest";
import { isExternal } from "../../lib/core/external.ts";
import { mayReach, type Reach, reachOf } from "../../lib/core/reach.ts";

const somewhere = { baseUrl: "https://llm.example.com/v1", facts: {} };

describe("reachOf", () => {
  it.each([
    { what: "in a region", deployment: { region: "eu-central-1", facts: {} }, reach: "aws" },
    { what: "at a public host", deployment: somewhere, reach: "internet" },
    { what: "stated on-premises", deployment: { ...somewhere, facts: { onPremises: true } }, reach: "on-premises" },
    { what: "stated not to be", deployment: { ...somewhere, facts: { onPremises: false } }, reach: "internet" },
    { what: "stated in a text", deployment: { ...somewhere, facts: { onPremises: "yes" } }, reach: "internet" },
    { what: "on loopback", deployment: { baseUrl: "http://127.0.0.1:8000/v1", facts: {} }, reach: "this-machine" },
    { what: "on loopback by name", deployment: { baseUrl: "https://localhost/v1", facts: {} }, reach: "this-machine" },
    { what: "without a URL", deployment: { facts: {} }, reach: "internet" },
  ])("is $reach for a deployment $what", ({ deployment, reach }) => {
    expect(reachOf(deployment)).toBe(reach);
  });

  it.each<{ nowMs: number; reach: Reach }>([
    { nowMs: 999, reach: "on-premises" },
    { nowMs: 1000, reach: "internet" },
  ])("is $reach at $nowMs ms for a deployment that is on-premises until 1000 ms", ({ nowMs, reach }) => {
    const until = { facts: { onPremises: true }, evidence: { onPremises: { untilMs: 1000 } } };

    expect(reachOf({ ...somewhere, ...until }, nowMs)).toBe(reach);
  });
});

describe("mayReach", () => {
  it.each<{ reach: Reach; allowed: string[] }>([
    { reach: "internet", allowed: ["public"] },
    { reach: "aws", allowed: ["public", "private"] },
    { reach: "on-premises", allowed: ["public", "private", "loopback", "link-local"] },
    { reach: "this-machine", allowed: ["loopback"] },
  ])("lets $reach into $allowed and nothing else", ({ reach, allowed }) => {
    const all = ["public", "private", "loopback", "link-local", "special"] as const;

    expect(all.filter((range) => mayReach(reach, range))).toEqual(allowed);
  });
});

describe("isExternal", () => {
  it.each([
    { what: "Bedrock", deployment: { region: "us-east-1", facts: {} }, external: false },
    { what: "a public host", deployment: somewhere, external: true },
    { what: "a server of the owner's", deployment: { ...somewhere, facts: { onPremises: true } }, external: false },
    {
      what: "a server that was the owner's until now",
      deployment: { ...somewhere, facts: { onPremises: true }, evidence: { onPremises: { untilMs: 1000 } } },
      external: true,
    },
    { what: "a loopback server of which nothing is stated", deployment: { facts: {} }, external: true },
  ])("is $external for $what", ({ deployment, external }) => {
    expect(isExternal(deployment, 1000)).toBe(external);
  });
});
