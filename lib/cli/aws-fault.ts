import { type CommandError, workFailed, wrongUse } from "./errors.ts";

/** What an AWS client's error means for whoever typed the command; undefined for any other error. */
export function awsFault(error: unknown): CommandError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError")
    return wrongUse(
      `There are no AWS credentials to use (${error.message}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ` +
        'AWS_SECRET_ACCESS_KEY; against "npx switchyard local" none are needed where it was started.',
    );
  if (error.message === "Region is missing") return wrongUse("Say the stack's region with --region or AWS_REGION.");
  const network = connectionCode(error);
  if (network !== undefined)
    return workFailed(`AWS, or what stands in for it, cannot be reached: ${network}. Is the endpoint right?`);
  // Errors of the services name the resource; the operation is in the stack only.
  if ("$metadata" in error && "$fault" in error)
    return workFailed(
      `AWS refused (${error.name}: ${error.message}). Is it the right stack and region, and may you use it?`,
    );
  return undefined;
}

const connectionCodes = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH"];

function connectionCode(error: Error): string | undefined {
  if (!("code" in error) || typeof error.code !== "string" || !connectionCodes.includes(error.code)) return undefined;
  return error.message === "" ? error.code : error.message;
}
