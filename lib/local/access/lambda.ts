import { invokedFunction } from "../emulators/api-call.ts";
import type { ActionsOf } from "./api-request.ts";

/** Source: Service Authorization Reference, "Actions defined by AWS Lambda". */
export const lambdaActions: ActionsOf = (operation, { url }, { region, accountId }) =>
  operation === "Invoke"
    ? [
        {
          action: "lambda:InvokeFunction",
          resource: `arn:aws:lambda:${region}:${accountId}:function:${invokedFunction(url) ?? ""}`,
        },
      ]
    : undefined;
