/** An answer of a service, as bytes go back to its client. */
export type Answer = { status: number; headers: Record<string, string>; body: Buffer };

type Refusal = { status: number; code: string; message: string };

const failures: Record<string, Refusal> = {
  dynamodb: { status: 500, code: "InternalServerError", message: "Internal server error" },
  s3: { status: 500, code: "InternalError", message: "We encountered an internal error. Please try again." },
  sqs: { status: 500, code: "InternalFailure", message: "The request processing has failed." },
  sns: { status: 500, code: "InternalError", message: "Internal server error" },
};

const throttles: Record<string, Refusal> = {
  dynamodb: {
    status: 400,
    code: "ProvisionedThroughputExceededException",
    message: "The level of configured provisioned throughput for the table was exceeded.",
  },
  s3: { status: 503, code: "SlowDown", message: "Please reduce your request rate." },
  sqs: { status: 400, code: "RequestThrottled", message: "Rate exceeded" },
  sns: { status: 400, code: "Throttling", message: "Rate exceeded" },
};

const otherThrottle: Refusal = { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
const otherFailure: Refusal = { status: 500, code: "InternalFailure", message: "Internal failure" };

/** What a service answers that fails inside. Sources: the services' API references, "Common errors". */
export function failureOf(service: string): Answer {
  return answerOf(service, failures[service] ?? otherFailure);
}

/** What a service answers that is asked too often. */
export function throttleOf(service: string): Answer {
  return answerOf(service, throttles[service] ?? otherThrottle);
}

function answerOf(service: string, { status, code, message }: Refusal): Answer {
  if (service === "s3")
    return xml(status, `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>chaos</RequestId></Error>`);
  if (service === "sns")
    return xml(
      status,
      `<ErrorResponse><Error><Type>Receiver</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  const body = JSON.stringify({ __type: `com.amazonaws#${code}`, message });
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": code },
    body: Buffer.from(body),
  };
}

function xml(status: number, body: string): Answer {
  return { status, headers: { "content-type": "application/xml" }, body: Buffer.from(body) };
}
