import type { ActionsOf } from "./api-request.ts";

/** Source: Service Authorization Reference, "Actions defined by Amazon Comprehend". */
export const comprehendActions: ActionsOf = (operation) =>
  operation === "DetectPiiEntities" ? [{ action: "comprehend:DetectPiiEntities", resource: "*" }] : undefined;
