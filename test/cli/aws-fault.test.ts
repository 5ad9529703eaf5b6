import { DynamoDBClient, ListTablesCommand, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { awsFault } from "../../lib/cli/aws-fault.ts";

describe("errors of AWS clients", () => {
  it("say that nothing answers at the endpoint", async () => {
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const client = new DynamoDBClient({
      region: "us-east-1",
      endpoint: "http://127.0.0.1:1",
      credentials,
      maxAttempts: 1,
    });

    const error: unknown = await client.send(new ListTablesCommand()).catch((thrown: unknown) => thrown);

    expect(awsFault(error)).toMatchObject({ exitCode: 1, message: expect.stringContaining("127.0.0.1:1") });
  });

  it("say that credentials are missing, which is wrong use", async () => {
    const client = new DynamoDBClient({
      region: "us-east-1",
      credentials: async () => {
        throw Object.assign(new Error("Could not load credentials."), { name: "CredentialsProviderError" });
      },
    });

    const error: unknown = await client.send(new ListTablesCommand()).catch((thrown: unknown) => thrown);

    expect(awsFault(error)).toMatchObject({ exitCode: 2, message: expect.stringContaining("AWS_PROFILE") });
  });

  it("give the service's own words when it refuses", () => {
    const error = new ResourceNotFoundException({ message: "Requested resource not found.", $metadata: {} });

    expect(awsFault(error)?.message).toContain("ResourceNotFoundException: Requested resource not found.");
  });

  it("are told from faults of ours", () => {
    expect(awsFault(new Error("a bug"))).toBeUndefined();
    expect(awsFault("text")).toBeUndefined();
  });
});
