/** SQS calls of the stack's own services to another endpoint than the engine's. Throws when the call is refused. */
export function remoteSqs(
  endpoint: string,
  region: string,
): (operation: string, input: Record<string, unknown>) => Promise<unknown> {
  const credential = `local/20260101/${region}/sqs/aws4_request`;
  return async (operation, input) => {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${operation}`,
        // Emulators read who calls, and check no signature.
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    if (answer.ok) return text === "" ? {} : JSON.parse(text);
    throw new Error(`sqs.${operation} at ${endpoint} answered ${answer.status}: ${text}`);
  };
}
