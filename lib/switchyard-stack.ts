import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Bundles } from "./bundle/bundle-functions.ts";
import { byFunction } from "./bundle/function-name.ts";
import { AccessPolicies } from "./constructs/access-policies.ts";
import { Alarms } from "./constructs/alarms.ts";
import { AuditTables } from "./constructs/audit-tables.ts";
import { Classify } from "./constructs/classify.ts";
import { Collect } from "./constructs/collect.ts";
import { dashboard } from "./constructs/dashboard.ts";
import { Keys } from "./constructs/keys.ts";
import { notices } from "./constructs/notices.ts";
import { Plan } from "./constructs/plan.ts";
import { Queues } from "./constructs/queues.ts";
import { Storage } from "./constructs/storage.ts";
import { Sweep } from "./constructs/sweep.ts";
import { UploadEvents } from "./constructs/upload-events.ts";
import { Zone } from "./constructs/zone.ts";
import type { Policy } from "./core/configuration/document.ts";
import { plainName } from "./core/configuration/plain-name.ts";
import { lanesOf } from "./core/lane.ts";
import { Zone as ZoneName } from "./core/names.ts";

export type SwitchyardStackProps = StackProps & {
  policy: Policy;
  bundles: Bundles;
  /** Data outlives the stack. @default true */
  retain?: boolean;
};

/** Everything that a batch passes through, in one region. */
export class SwitchyardStack extends Stack {
  constructor(scope: Construct, id: string, { policy, bundles, retain = true, ...props }: SwitchyardStackProps) {
    super(scope, id, props);
    const code = byFunction((name) => Code.fromAsset(bundles.directories[name]));

    const keys = new Keys(this, "Keys", { retain });
    const storage = new Storage(this, "Storage", { keys, retain });
    const queues = new Queues(this, "Queues", { keys });
    const topic = notices(this, "Notices", keys.intake);
    const foundation = { policy, code, keys, storage, queues };

    const zones = ZoneName.options.flatMap((zone) => {
      const lanes = lanesOf(policy).filter((lane) => lane.zone === zone);
      return lanes.length === 0 ? [] : [new Zone(this, zone, { zone, lanes, foundation })];
    });
    const lanes = zones.flatMap((zone) => zone.lanes);

    new UploadEvents(this, "UploadEvents", { intake: storage.intake, uploads: queues.uploads.queue });
    const plan = new Plan(this, "Plan", foundation);
    const classify = new Classify(this, "Classify", { lanes, foundation });
    const collect = new Collect(this, "Collect", { topic, foundation });
    const sweep = new Sweep(this, "Sweep", foundation);

    const watched = {
      queues,
      zones,
      handlers: [
        ["plan", plan.handler],
        ["classify", classify.handler],
        ...lanes.map(({ lane, handler }) => [lane.name, handler] as const),
        ...zones.map(({ zone, fallback }) => [`fallback-${zone}`, fallback.handler] as const),
        ["collect", collect.handler],
        ["sweep", sweep.handler],
      ] as const,
    };
    const { dashboardName } = dashboard(this, "Dashboard", watched);
    new Alarms(this, "Alarms", { watched, topic });
    const auditTables = new AuditTables(this, "Audit", storage);
    const access = new AccessPolicies(this, "Access", {
      foundation,
      sweep: sweep.handler.function,
      auditTables,
    });

    const outputs = {
      JobsQueueUrl: queues.jobs.queue.queueUrl,
      CollectQueueUrl: queues.collect.queue.queueUrl,
      IntakeBucket: storage.intake.bucketName,
      GeneralBucket: storage.general.bucketName,
      RestrictedBucket: storage.restricted.bucketName,
      PolicyBucket: storage.policies.bucketName,
      SweepFunctionName: sweep.handler.function.functionName,
      TableName: storage.table.tableName,
      TopicArn: topic.topicArn,
      ProducerPolicyArn: access.producer.managedPolicyArn,
      CancellerPolicyArn: access.canceller.managedPolicyArn,
      PublisherPolicyArn: access.publisher.managedPolicyArn,
      OperatorPolicyArn: access.operator.managedPolicyArn,
      JobReaderPolicyArn: access.jobReader.managedPolicyArn,
      AuditorPolicyArn: access.auditor.managedPolicyArn,
      ReaderPolicyArn: access.reader.managedPolicyArn,
      DashboardName: dashboardName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    for (const [tenant, { managedPolicyArn: value }] of access.tenants)
      new CfnOutput(this, `ProducerPolicyArn${plainName(tenant)}`, { value });
  }
}
