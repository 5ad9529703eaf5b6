import { describe, expect, it } from "vitest";
import type { LocalFile } from "../../../lib/cli/connection/local-file.ts";
import { resolveTarget, type TargetSources } from "../../../lib/cli/connection/resolve-target.ts";
import { workFailed } from "../../../lib/cli/errors.ts";

const localFile: LocalFile = {
  endpoint: "http://127.0.0.1:4000",
  dynamodbEndpoint: "http://127.0.0.1:4001",
  region: "eu-central-1",
  jobsQueueUrl: "http://127.0.0.1:4000/000000000000/switchyard-jobs",
  bucket: "local-intake",
  table: "local-table",
  generalBucket: "local-general",
  restrictedBucket: "local-restricted",
  policyBucket: "local-policies",
};

/** A machine with or without a local engine, and a cloud with or without the stack. */
function sources(parts: { local?: LocalFile; outputs?: Record<string, string> }) {
  const asked: unknown[] = [];
  const found: TargetSources = {
    readLocal: async () => parts.local,
    async describeStack(where) {
      asked.push(where);
      if (parts.outputs === undefined) throw workFailed("no such stack");
      return parts.outputs;
    },
  };
  return { ...found, asked };
}

const stackOutputs = { IntakeBucket: "aws-intake", TableName: "aws-table" };

describe("where commands go", () => {
  it("takes the names given as flags and asks nobody, though an engine runs here", async () => {
    const from = sources({ local: localFile });

    const target = await resolveTarget(
      ["bucket", "table"],
      { bucket: "b", table: "t", region: "us-east-1" },
      { env: {} },
      from,
    );

    expect(target).toMatchObject({ kind: "aws", region: "us-east-1" });
    expect([target.name("bucket"), target.name("table"), target.endpoint]).toEqual(["b", "t", undefined]);
    expect(from.asked).toEqual([]);
  });

  it("takes the flags with AWS_ENDPOINT_URL", async () => {
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9000", AWS_REGION: "us-west-2" };

    const target = await resolveTarget(["bucket"], { bucket: "b" }, { env }, sources({}));

    expect(target).toMatchObject({ kind: "aws", endpoint: "http://127.0.0.1:9000", region: "us-west-2" });
  });

  it("says which flags are missing when the endpoint knows no stack", async () => {
    const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:9000" };

    const resolving = resolveTarget(["bucket", "table"], { bucket: "b" }, { env }, sources({ local: localFile }));

    await expect(resolving).rejects.toThrow(/http:\/\/127\.0\.0\.1:9000 does not tell .*: --table\.$/);
    await expect(resolving).rejects.toMatchObject({ exitCode: 2 });
  });

  it.each([{}, { AWS_ENDPOINT_URL: "http://127.0.0.1:4000/" }])(
    "goes to the engine that runs here, with %j",
    async (env) => {
      const target = await resolveTarget(
        ["bucket", "table"],
        { table: "other" },
        { env },
        sources({ local: localFile }),
      );

      expect(target).toMatchObject({
        kind: "local",
        region: "eu-central-1",
        dynamodbEndpoint: "http://127.0.0.1:4001",
      });
      expect([target.name("bucket"), target.name("table")]).toEqual(["local-intake", "other"]);
    },
  );

  it("does not take the engine that runs here for another region's stack", async () => {
    const resolving = resolveTarget(["bucket"], { region: "us-east-1" }, { env: {} }, sources({ local: localFile }));

    await expect(resolving).rejects.toThrow("runs eu-central-1, not us-east-1");
  });

  it("goes past the engine to the stack that is named", async () => {
    const from = sources({ local: localFile, outputs: stackOutputs });

    const target = await resolveTarget(["bucket"], { stack: "Mine", region: "us-east-1" }, { env: {} }, from);

    expect(target.name("bucket")).toBe("aws-intake");
    expect(from.asked).toEqual([{ region: "us-east-1", stack: "Mine" }]);
  });

  it("takes the stack's outputs where no engine runs, and flags before them", async () => {
    const target = await resolveTarget(
      ["bucket", "table"],
      { table: "t" },
      { env: {} },
      sources({ outputs: stackOutputs }),
    );

    expect([target.name("bucket"), target.name("table")]).toEqual(["aws-intake", "t"]);
  });

  it("says which output a stack lacks, and the flag that gives it", async () => {
    const target = await resolveTarget(["jobsQueueUrl"], {}, { env: {} }, sources({ outputs: stackOutputs }));

    expect(() => target.name("jobsQueueUrl")).toThrow(/no output JobsQueueUrl.*--jobs-queue-url/);
  });
});
