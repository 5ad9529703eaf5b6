import { describe, expect, it } from "vitest";
import { checkTenant } from "../../../lib/cli/batches/batch-options.ts";
import { policyDocument } from "../../fakes/policy-document.ts";

const { policy } = policyDocument("v1");
const tenants = { acme: { uploads: "acme/", senders: [] }, queue: { senders: ["AROAEXAMPLEEXAMPLEID"] } };

describe("whose batch it is", () => {
  it.each([
    ["by prefix", { prefix: "acme" }],
    ["by prefix, with its slash, and by name too", { prefix: "acme/", tenant: "acme" }],
    ["by a prefix below the tenant's", { prefix: "acme/march" }],
  ])("is known %s", (_, options) => {
    expect(() => checkTenant({ dedupe: false, cache: true, ...options }, { ...policy, tenants })).not.toThrow();
  });

  it.each([
    ["without a prefix", {}, /a batch without a prefix: .* with --prefix: acme\/ \(acme\)\.$/],
    ["by name only", { tenant: "acme" }, /with --prefix, and leave --tenant out: acme\/ \(acme\)\.$/],
    ["by a prefix of nobody's", { prefix: "acm" }, /the prefix acm: every line would be policy-denied/],
    ["by prefix and another name", { prefix: "acme", tenant: "queue" }, /is acme's, not queue's; leave --tenant out/],
  ])("is not known %s, and what to do is said", (_, options, message) => {
    expect(() => checkTenant({ dedupe: false, cache: true, ...options }, { ...policy, tenants })).toThrow(message);
  });

  it("is anybody's word where no tenants are configured", () => {
    expect(() => checkTenant({ dedupe: false, cache: true, tenant: "whoever" }, policy)).not.toThrow();
  });
});
