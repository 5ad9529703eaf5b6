import type { Denial } from "./denial.ts";

export type DenialReply = { status: number; headers: Record<string, string>; body: string };

const json = { "content-type": "application/x-amz-json-1.1" };
const xml = { "content-type": "text/xml" };

/**
 * A refused call as each service answers it. Sources: the services' API references, "Common errors"; for KMS, Amazon SQS
 * API reference, SendMessage, and Amazon SNS API reference, Publish.
 */
export function denialReply({
  call,
  action,
  message,
  code = "AccessDeniedException",
}: Pick<Denial, "call" | "action" | "message" | "code">): DenialReply {
  const [service] = call.split(".");
  const ofKey = action.startsWith("kms:");
  switch (service) {
    case "s3":
      return {
        status: 403,
        headers: { "content-type": "application/xml" },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${escapeXml(message)}</Message></Error>`,
      };
    case "sqs": {
      const [type, query] = ofKey
        ? ["com.amazonaws.sqs#KmsAccessDenied", "KMS.AccessDeniedException"]
        : ["com.amazon.coral.service#AccessDeniedException", "AccessDenied"];
      return {
        status: ofKey ? 400 : 403,
        headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${query};Sender` },
        body: JSON.stringify({ __type: type, message }),
      };
    }
    case "sns": {
      const [status, code] = ofKey ? [400, "KMSAccessDenied"] : [403, "AuthorizationError"];
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
      return {
        status,
        headers: xml,
        body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}<RequestId>local</RequestId></ErrorResponse>`,
      };
    }
    case "dynamodb":
      return {
        status: 400,
        headers: { "content-type": "application/x-amz-json-1.0" },
        body: JSON.stringify({ __type: "com.amazon.coral.service#AccessDeniedException", Message: message }),
      };
    case "bedrock":
      return {
        status: 403,
        headers: { "content-type": "application/json", "x-amzn-errortype": code },
        body: JSON.stringify({ Message: message }),
      };
    default:
      return {
        status: 400,
        headers: json,
        body: JSON.stringify({ __type: "AccessDeniedException", Message: message }),
      };
  }
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
