import type { IncomingHttpHeaders } from "node:http";
import type { Invocation } from "../lambda/invocation.ts";

type Reply = { status: number; headers: Record<string, string>; body: string };

/**
 * Lambda's Invoke, waiting for the end: what the handler returned, or the error that it threw under
 * `x-amz-function-error`. Source: Lambda API reference, "Invoke".
 */
export async function invokeReply(
  functionName: string,
  request: { headers: IncomingHttpHeaders; body: unknown },
  invoke: (functionName: string, payload: string) => Promise<Invocation> | undefined,
): Promise<Reply> {
  const kind = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (kind !== "RequestResponse")
    return refused(400, "InvalidParameterValueException", `The local engine knows no invocation type ${kind}.`);
  const running = invoke(functionName, payloadOf(request.body));
  if (running === undefined) return refused(404, "ResourceNotFoundException", `Function not found: ${functionName}`);
  const invocation = await running;
  const headers = { "content-type": "application/json", "x-amz-executed-version": "$LATEST" };
  if (invocation.kind === "returned") return { status: 200, headers, body: invocation.payload };
  const { errorType, errorMessage } = invocation;
  return {
    status: 200,
    headers: { ...headers, "x-amz-function-error": "Unhandled" },
    body: JSON.stringify({ errorType, errorMessage }),
  };
}

/** What was sent, parsed before or not; without a payload Lambda gives the handler an empty event. */
function payloadOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return body.length === 0 ? "{}" : body.toString("utf8");
  return body === undefined ? "{}" : JSON.stringify(body);
}

function refused(status: number, type: string, message: string): Reply {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": type },
    body: JSON.stringify({ Type: "User", Message: message }),
  };
}
