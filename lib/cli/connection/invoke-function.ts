import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { workFailed } from "../errors.ts";
import { clientOptions } from "./connect.ts";
import type { Target } from "./resolve-target.ts";

const Failure = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** What a function of the stack returns to an empty event. Throws CommandError with its error when it fails. */
export async function invokeFunction(target: Target, functionName: string): Promise<unknown> {
  const client = new LambdaClient(clientOptions(target));
  try {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: "{}" }),
    );
    const text = Payload?.transformToString() ?? "";
    const returned: unknown = text === "" ? undefined : JSON.parse(text);
    if (FunctionError === undefined) return returned;
    const { errorType = FunctionError, errorMessage = "no message" } = Failure.safeParse(returned).data ?? {};
    throw workFailed(`The function ${functionName} failed: ${errorType}: ${errorMessage}. Its log says more.`);
  } finally {
    client.destroy();
  }
}
