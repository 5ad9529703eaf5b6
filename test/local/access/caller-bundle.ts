import * as z from "zod";
import type { Engine } from "../../../lib/local/engine.ts";

const sdk = (name: string): string => JSON.stringify(import.meta.resolve(`@aws-sdk/client-${name}`));
const clients = ["dynamodb", "eventbridge", "s3", "secrets-manager", "sns", "sqs"];

/** A function that makes the call it is told to, under its own credentials or others, and returns how the SDK took it. */
export const callerBundle = `
${clients.map((name, index) => `import * as sdk${index} from ${sdk(name)};`).join("\n")}
const sdk = Object.assign({}, ${clients.map((_name, index) => `sdk${index}`).join(", ")});
export const handler = async ({ client, command, input, accessKeyId }) => {
  if (command === undefined) return { accessKeyId: process.env.AWS_ACCESS_KEY_ID, lane: process.env.LANE };
  const credentials = accessKeyId === undefined ? {} : { credentials: { accessKeyId, secretAccessKey: "local" } };
  try {
    await new sdk[client]({ forcePathStyle: true, maxAttempts: 1, ...credentials }).send(new sdk[command](input));
    return { kind: "done" };
  } catch ({ name, message }) {
    return { kind: "thrown", name, message };
  }
};`;

const Outcome = z.union([
  z.object({ kind: z.literal("done") }),
  z.looseObject({ kind: z.literal("thrown"), name: z.string(), message: z.string() }),
]);

/** An SDK client, its command, and the command's input. */
export type SdkCall = [client: string, command: string, input: Record<string, unknown>];

/** Has a function of the bundle make a call. */
export async function callAs(
  engine: Engine,
  functionName: string,
  [client, command, input]: SdkCall,
  accessKeyId?: string,
) {
  const invocation = await engine.invoke(functionName, { client, command, input, accessKeyId });
  if (invocation.kind === "failed") throw new Error(invocation.errorMessage);
  return Outcome.parse(JSON.parse(invocation.payload));
}

/** What a function of the bundle was given: its access key id, and its lane if it has one. */
export async function environmentOf(engine: Engine, functionName: string): Promise<z.infer<typeof Given>> {
  const invocation = await engine.invoke(functionName, {});
  if (invocation.kind === "failed") throw new Error(invocation.errorMessage);
  return Given.parse(JSON.parse(invocation.payload));
}
const Given = z.object({ accessKeyId: z.string(), lane: z.string().optional() });
