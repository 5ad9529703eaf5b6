import type { Account } from "../iam/account.ts";
import { authorize, mayDo } from "../iam/authorize.ts";
import { requirementsOf } from "../iam/requirements.ts";
import type { EventSource } from "../resources/event-source.ts";
import type { LambdaFunction } from "../resources/lambda-function.ts";
import type { Rule } from "../resources/rule.ts";
import { TemplateError } from "../template/template.ts";
import { reasonOf, whyOf } from "./denial.ts";

/** Source: Lambda Developer Guide, "Using Lambda with Amazon SQS", "Execution role permissions". */
const toPoll = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/**
 * Lambda polls under the function's role, and refuses a mapping whose role may not: so here, by TemplateError. Once is
 * enough, for the policies do not change.
 */
export function checkPolling(source: EventSource, polled: LambdaFunction, account: Account): void {
  for (const action of toPoll) {
    const decision = authorize({ role: polled.roleArn, action, resource: source.queueArn }, account);
    if (decision.kind === "allowed") continue;
    const role = account.roles.get(polled.roleArn);
    throw new TemplateError(
      `${source.logicalId}: Lambda polls ${source.queueArn} under the role of ${polled.name}, which is not authorized to ` +
        `perform ${decision.action} on ${decision.resource} ${reasonOf(decision.because, decision.action, role)}: ` +
        `${whyOf(decision.because, role)}.`,
    );
  }
}

/**
 * EventBridge delivers as a service that only the target's own policy, and its key's, can let in. On AWS a rule that is
 * not let in loses its events without a word; here it is a TemplateError.
 */
export function checkDelivery(rule: Rule, account: Account): void {
  // For whom it delivers is said with each request, the key's too.
  const source = { "aws:SourceArn": rule.arn, "aws:SourceAccount": account.id };
  const principal = { service: "events.amazonaws.com" };
  for (const target of rule.targets) {
    const action = target.service === "sqs" ? "sqs:SendMessage" : "lambda:InvokeFunction";
    for (const needed of requirementsOf({ action, resource: target.arn }, account)) {
      const verdict = mayDo({ ...needed, principal, context: { ...needed.context, ...source } }, account);
      if (verdict.kind === "allowed") continue;
      throw new TemplateError(
        `${rule.logicalId}: EventBridge is not authorized to perform ${needed.action} on ${needed.resource}, so that the ` +
          "rule's events would be lost. Allow it to events.amazonaws.com in the policy of that resource, for this rule.",
      );
    }
  }
}
