import { describe, expect, it } from "vitest";
import { tenantOf, tenantOfSender, tenantOfUpload } from "../../lib/core/tenant.ts";
import { configuration, documentOf } from "./policy-fixture.ts";

const { policy: open } = documentOf(configuration);
const { policy } = documentOf(
  `${configuration}tenants: { acme: { uploads: acme/, senders: [AROAEXAMPLEEXAMPLE] }, sub: { uploads: group/sub/ } }\n`,
);

it.each([
  ["uploads/acme/2026/a.jsonl", "acme"],
  ["uploads/group/sub/a.jsonl", "sub"],
  ["uploads/group/a.jsonl", undefined],
  ["uploads/acmes/a.jsonl", undefined],
  ["uploads/a.jsonl", undefined],
  ["uploads/x/acme/a.jsonl", undefined],
])("the upload %s is of tenant %s", (key, tenant) => {
  expect(tenantOfUpload(policy, key)).toBe(tenant);
});

it.each([
  ["AROAEXAMPLEEXAMPLE:session-1", "acme"],
  ["AROAEXAMPLEEXAMPLE", "acme"],
  ["AROAOTHEREXAMPLE00:AROAEXAMPLEEXAMPLE", undefined],
  ["", undefined],
])("the sender %s is tenant %s", (sender, tenant) => {
  expect(tenantOfSender(policy, sender)).toBe(tenant);
});

describe("whose job it is", () => {
  it("is the job's own word, or its batch's, where no tenancy is configured", () => {
    expect(tenantOf(open, "a", "b")).toEqual({ kind: "known", tenant: "a" });
    expect(tenantOf(open, undefined, "b")).toEqual({ kind: "known", tenant: "b" });
    expect(tenantOf(open, undefined, undefined)).toEqual({ kind: "known", tenant: undefined });
  });

  it("is told by prefix or sender where it is", () => {
    expect(tenantOf(policy, undefined, "acme")).toEqual({ kind: "known", tenant: "acme" });
    expect(tenantOf(policy, "acme", "acme")).toEqual({ kind: "known", tenant: "acme" });
  });

  it("is never what the line claims against that", () => {
    expect(tenantOf(policy, "sub", "acme")).toMatchObject({ kind: "refused", error: { code: "policy-denied" } });
    expect(tenantOf(policy, "acme", undefined)).toMatchObject({ kind: "refused", error: { code: "policy-denied" } });
    expect(tenantOf(policy, undefined, undefined)).toMatchObject({ kind: "refused" });
  });
});
