import { afterAll, beforeAll, vi } from "vitest";
import type { PolicyDocument } from "../../lib/core/configuration/document.ts";
import { createCooldownStore } from "../../lib/stores/dynamodb/cooldown-store.ts";
import { createPolicyStore } from "../../lib/stores/dynamodb/policy-store.ts";
import { createS3Objects } from "../../lib/stores/s3-objects.ts";
import { type Emulators, openEmulators } from "../stores/emulators.ts";

/** A table, a bucket and queues without functions, and the flags that lead commands there. */
export type StackInEmulators = {
  emulators: Emulators;
  flags: string[];
  policies: ReturnType<typeof createPolicyStore>;
  cooldowns: ReturnType<typeof createCooldownStore>;
  /** Does what the functions of a deploy do when they first run. */
  deploy(document: PolicyDocument, generation: number, format?: string): Promise<void>;
};

/** Starts them before the tests of a file, and ends them after. */
export function stackInEmulators(clock: () => number): () => StackInEmulators {
  let stack: StackInEmulators | undefined;
  beforeAll(async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const emulators = await openEmulators();
    const table = { client: emulators.dynamodb, name: emulators.table, clock };
    const policies = createPolicyStore(table, createS3Objects(emulators.s3, emulators.bucket));
    stack = {
      emulators,
      flags: [
        ...["--endpoint", emulators.endpoint, "--dynamodb-endpoint", emulators.dynamodbEndpoint],
        ...["--region", "us-east-1", "--table", emulators.table, "--policy-bucket", emulators.bucket],
        ...["--bucket", emulators.bucket],
      ],
      policies,
      cooldowns: createCooldownStore(table),
      async deploy(document, generation, format) {
        await policies.publish(document);
        await policies.adopt({ version: document.version, generation, ...(format === undefined ? {} : { format }) });
      },
    };
  });
  afterAll(async () => {
    await stack?.emulators.close();
    vi.unstubAllEnvs();
  });
  return () => {
    if (stack === undefined) throw new Error("The emulators have not started.");
    return stack;
  };
}
