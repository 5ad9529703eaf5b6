import { describe, expect, it } from "vitest";
import type { Denial } from "../../../lib/local/access/denial.ts";
import { createDenialLog } from "../../../lib/local/access/denial-log.ts";
import { createGuard } from "../../../lib/local/access/guard.ts";
import { readNetwork } from "../../../lib/local/access/network.ts";
import { readAccount } from "../../../lib/local/iam/read-account.ts";

const roleArn = "arn:aws:iam::000000000000:role/switchyard/us-east-1/general/Lane";
const role = {
  logicalId: "LaneRole",
  type: "AWS::IAM::Role",
  name: "Lane",
  reference: "Lane",
  arn: roleArn,
  properties: {
    AssumeRolePolicyDocument: { Statement: [] },
    Policies: [
      {
        PolicyName: "work",
        PolicyDocument: {
          Statement: {
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: "arn:aws:s3:::b",
            Condition: { StringLike: { "s3:prefix": "mine/*" } },
          },
        },
      },
    ],
  },
};

function guarded() {
  const denials: Denial[] = [];
  const guard = createGuard({
    account: readAccount([role], "us-east-1"),
    network: readNetwork([]),
    functions: new Map([
      ["lane", { functionName: "invoke", functionArn: "arn:invoke", roleArn, subnetIds: [] }],
      ["orphan", { functionName: "orphan", functionArn: "arn:orphan", roleArn: `${roleArn}2`, subnetIds: [] }],
    ]),
    onDenied: (denial) => denials.push(denial),
  });
  const list = (prefix: string, signer = "lane") =>
    guard.check(signer, "s3.ListObjectsV2", [
      { action: "s3:ListBucket", resource: "arn:aws:s3:::b", context: { "s3:prefix": prefix } },
    ]);
  return { guard, denials, list };
}

describe("a guard", () => {
  it("remembers a decision for exactly what was asked, its conditions too", () => {
    const { denials, list } = guarded();

    expect([list("mine/a"), list("theirs/a"), list("mine/a"), list("theirs/a")].map((each) => each?.action)).toEqual([
      undefined,
      "s3:ListBucket",
      undefined,
      "s3:ListBucket",
    ]);
    expect(denials).toHaveLength(2);
  });

  it("names the session as AWS does, without the role's path", () => {
    expect(guarded().list("theirs/a")?.message).toBe(
      "User: arn:aws:sts::000000000000:assumed-role/Lane/invoke is not authorized to perform: s3:ListBucket on resource: " +
        "arn:aws:s3:::b because no identity-based policy allows the s3:ListBucket action",
    );
  });

  it("denies everything to a role that the stack does not have, and to an access key that nobody was given", () => {
    const { list } = guarded();

    expect(list("mine/a", "orphan")).toMatchObject({ functionName: "orphan", why: "its role is not of this stack" });
    expect(list("mine/a", "guessed")?.why).toMatch(/gave to no function/);
  });

  it("allows a call that needs nothing, and denies one of which nothing is known", () => {
    const { guard } = guarded();

    expect(guard.check("lane", "sts.GetCallerIdentity", [])).toBeUndefined();
    expect(guard.check("lane", "sqs.PurgeQueue", undefined)).toMatchObject({ call: "sqs.PurgeQueue" });
  });
});

describe("a log of denials", () => {
  it("tells of each once, objects of one bucket being one, and counts them all", () => {
    const told: string[] = [];
    const log = createDenialLog(({ resource }) => told.push(resource));
    const denial = { functionName: "f", call: "s3.GetObject", action: "s3:GetObject", why: "w", message: "m" };

    for (const resource of ["arn:aws:s3:::b/1", "arn:aws:s3:::b/2", "arn:aws:s3:::c/1"])
      log.add({ ...denial, resource });
    log.add({ ...denial, functionName: "g", resource: "arn:aws:s3:::b/1" });

    expect(told).toEqual(["arn:aws:s3:::b/1", "arn:aws:s3:::c/1", "arn:aws:s3:::b/1"]);
    expect(log.list().map(({ functionName, count }) => [functionName, count])).toEqual([
      ["f", 2],
      ["f", 1],
      ["g", 1],
    ]);
  });
});
