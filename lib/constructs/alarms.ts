import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { highQueueSuffix } from "../core/lane.ts";
import { oldestSeconds, serviceMetric, waiting } from "./metrics.ts";
import type { Watched } from "./watched.ts";

export type AlarmsProps = { watched: Watched; topic: ITopic };

const minute = 60;

/** What a person should know of, sent to the topic. The runbook has a section for each. */
export class Alarms extends Construct {
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, { watched, topic }: AlarmsProps) {
    super(scope, id);
    this.action = new SnsAction(topic);
    const { queues, zones, handlers } = watched;

    for (const [name, { dead }] of queues.all) {
      this.above(`dead-${name}`, waiting(dead), 0, `Messages of the ${name} queue could not be handled.`);
    }
    for (const { zone, lost, lanes } of zones) {
      this.above(`lost-${zone}`, waiting(lost), 0, `Fallback of the ${zone} zone could not handle dead letters.`);
      for (const { lane, queue, high, dead } of lanes) {
        this.above(`age-${lane.name}`, oldestSeconds(queue), 60 * minute, `Lane ${lane.name} does not get on.`);
        if (high !== undefined)
          this.above(
            `age-${lane.name}${highQueueSuffix}`,
            oldestSeconds(high),
            15 * minute,
            `Jobs of high priority wait too long in lane ${lane.name}.`,
          );
        this.above(
          `dead-age-${lane.name}`,
          oldestSeconds(dead),
          30 * minute,
          `Dead letters of lane ${lane.name} stay.`,
        );
      }
    }
    this.above("age-jobs", oldestSeconds(queues.jobs.queue), 15 * minute, "The oldest queued job waits too long.");
    this.above("age-chunks", oldestSeconds(queues.chunks.queue), 60 * minute, "The oldest chunk waits too long.");
    for (const [name, { function: each }] of handlers) {
      const errors = each.metricErrors({ period: Duration.minutes(15) });
      this.above(`errors-${name}`, errors, 0, `Function ${name} crashed or ran out of time.`);
    }
    this.above("batches-stuck", serviceMetric("BatchesStuck", "Maximum"), 0, "A batch does not finish.");
    this.above("counts-wrong", serviceMetric("CountsWrong", "Maximum"), 0, "A batch's counts did not add up.");
    this.above(
      "auth-cooldowns",
      serviceMetric("AuthCooldowns", "Sum"),
      0,
      "A deployment is rested because it refuses its credentials, its model or its quota.",
    );
    this.above(
      "detection-failures",
      serviceMetric("DetectionFailures", "Sum"),
      0,
      "Jobs could not be looked through for personal data, and were raised to the most sensitive class.",
    );
    this.above(
      "budget-used",
      serviceMetric("BudgetUsed", "Maximum"),
      80,
      "80 % of a budget of a day or month is used.",
    );
  }

  private above(id: string, metric: Metric, threshold: number, alarmDescription: string): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      alarmName: `switchyard-${id}`,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.action);
  }
}
