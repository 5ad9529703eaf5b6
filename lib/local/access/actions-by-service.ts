import type { ActionsOf } from "./api-request.ts";
import { comprehendActions } from "./comprehend.ts";
import { dynamodbActions } from "./dynamodb.ts";
import { eventbridgeActions } from "./eventbridge.ts";
import { s3Actions } from "./s3.ts";
import { secretsManagerActions } from "./secrets-manager.ts";
import { snsActions } from "./sns.ts";
import { sqsActions } from "./sqs.ts";

/** Anybody who has credentials may ask whose they are. */
const stsActions: ActionsOf = (operation) => (operation === "GetCallerIdentity" ? [] : undefined);

/** By the service in `service.Operation`. A service that is not here has no operation that a function may call. */
export function actionsByService(secretArn: (secretId: string) => string): Record<string, ActionsOf> {
  return {
    comprehend: comprehendActions,
    dynamodb: dynamodbActions,
    eventbridge: eventbridgeActions,
    s3: s3Actions,
    secretsmanager: secretsManagerActions(secretArn),
    sns: snsActions,
    sqs: sqsActions,
    sts: stsActions,
  };
}
