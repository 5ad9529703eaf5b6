import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** What of a function's environment is about AWS itself. Where services are, the SDK reads from the same variables. */
export type AwsEnvironment = { AWS_REGION: string; AWS_ENDPOINT_URL?: string | undefined };

/** Our own services are ours to retry, and throttling is a normal answer of theirs. Providers are never retried here. */
const maxAttempts = 6;

/** An answer that does not begin within this time, milliseconds, is asked for again: a function must not hang on a lost packet. */
export const patience = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** Items; `connections` is how many requests may be under way at once. */
export function dynamoDb({ AWS_REGION: region }: AwsEnvironment, connections = 64): DynamoDBDocumentClient {
  const requestHandler = {
    ...patience,
    httpsAgent: { maxSockets: connections },
    httpAgent: { maxSockets: connections },
  };
  return DynamoDBDocumentClient.from(new DynamoDBClient({ region, maxAttempts, requestHandler }), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function s3({ AWS_REGION: region, AWS_ENDPOINT_URL: elsewhere }: AwsEnvironment): S3Client {
  // A name of a bucket before "127.0.0.1" is no host.
  return new S3Client({ region, maxAttempts, requestHandler: patience, forcePathStyle: elsewhere !== undefined });
}

export function sqs({ AWS_REGION: region, AWS_ENDPOINT_URL: elsewhere }: AwsEnvironment): SQSClient {
  // The host in a queue's URL is where it was made, which need not resolve here.
  return new SQSClient({
    region,
    maxAttempts,
    requestHandler: patience,
    useQueueUrlAsEndpoint: elsewhere === undefined,
  });
}

export function eventBridge({ AWS_REGION: region }: AwsEnvironment): EventBridgeClient {
  return new EventBridgeClient({ region, maxAttempts, requestHandler: patience });
}

export function sns({ AWS_REGION: region }: AwsEnvironment): SNSClient {
  return new SNSClient({ region, maxAttempts, requestHandler: patience });
}
