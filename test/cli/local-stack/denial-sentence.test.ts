import { describe, expect, it } from "vitest";
import { denialSentence } from "../../../lib/cli/local-stack/denial-sentence.ts";

describe("a denial", () => {
  it("is told with the function, the call, what it needs, and where the grant is missing", () => {
    const sentence = denialSentence({
      functionName: "Switchyard-us-east-1-Plan",
      call: "sqs.SendMessage",
      action: "kms:GenerateDataKey",
      resource: "arn:aws:kms:us-east-1:000000000000:key/1",
      why: "nothing in PlanRole allows it",
      message: "User: …",
    });

    expect(sentence).toBe(
      "Denied, as it would be on AWS: sqs.SendMessage by Switchyard-us-east-1-Plan needs kms:GenerateDataKey on " +
        "arn:aws:kms:us-east-1:000000000000:key/1, but nothing in PlanRole allows it.",
    );
  });
});
