import { Aws, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { topicName, uploadsRuleName } from "./fixed-names.ts";
import { neverFor, type RoleSide, rolesOf } from "./role-side.ts";

export type KeysProps = {
  /** Keys outlive the stack: without them nothing that it wrote can be read. */
  retain: boolean;
};

type KeyName = "intake" | "general" | "restricted";

/** The statements that keep the roles of the other sides off a key and off the bucket under it. */
export const otherSides: Record<KeyName, string> = {
  intake: "NothingOfUsersForZones",
  general: "NothingGeneralForOtherSides",
  restricted: "NothingRestrictedForOtherSides",
};

/** One KMS key for what users send and fetch, and one for each zone: zones are kept apart by key, not only by code. */
export class Keys extends Construct {
  readonly intake: Key;
  readonly general: Key;
  readonly restricted: Key;

  constructor(scope: Construct, id: string, { retain }: KeysProps) {
    super(scope, id);
    const key = (name: string, description: string): Key =>
      new Key(this, name, {
        description,
        alias: `alias/switchyard-${name.toLowerCase()}`,
        enableKeyRotation: true,
        removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        ...(retain ? {} : { pendingWindow: Duration.days(7) }),
      });
    this.intake = key("Intake", "Switchyard: uploads, queued jobs, plans and results");
    this.general = key("General", "Switchyard: payloads, segments and lanes of the general zone");
    this.restricted = key("Restricted", "Switchyard: payloads, segments and lanes of the restricted zone");

    this.intake.addToResourcePolicy(forService("events.amazonaws.com", { "aws:SourceArn": uploadsRuleArn(this) }));
    this.intake.addToResourcePolicy(
      forService("cloudwatch.amazonaws.com", { "kms:EncryptionContext:aws:sns:topicArn": topicArn(this) }),
    );
    this.keepFrom(this.intake, "intake", ["general", "restricted"]);
    this.keepFrom(this.general, "general", ["restricted", "intake"]);
    this.keepFrom(this.restricted, "restricted", ["general", "intake"]);
  }

  private keepFrom(key: Key, name: KeyName, sides: RoleSide[]): void {
    const roles = sides.map((side) => rolesOf(this, side));
    key.addToResourcePolicy(neverFor(roles, { sid: otherSides[name], actions: ["kms:*"], resources: ["*"] }));
  }
}

/** An AWS service that puts messages of this account under the key. In a key's own policy `*` is that key. */
function forService(service: string, arnCondition: Record<string, string>): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal(service)],
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: ["*"],
    conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID }, ArnEquals: arnCondition },
  });
}

// Written out, because the rule and the topic themselves refer to the key.
function uploadsRuleArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: "events", resource: "rule", resourceName: uploadsRuleName });
}

function topicArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: "sns", resource: topicName });
}
