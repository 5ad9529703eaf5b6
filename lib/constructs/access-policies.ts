import { Aws } from "aws-cdk-lib";
import { ManagedPolicy, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { AuditTables } from "./audit-tables.ts";
import type { Foundation } from "./foundation.ts";
import { acknowledgePrefixes } from "./nag.ts";
import { allow, items, itemsUnder, objects, objectsLike, sendTo } from "./statements.ts";

export type AccessPoliciesProps = {
  foundation: Foundation;
  sweep: IFunction;
  auditTables: AuditTables;
};

/** Managed policies for the people and programs around a stack. */
export class AccessPolicies extends Construct {
  /** Submits batches and queues jobs; reads nothing back. */
  readonly producer: ManagedPolicy;
  /** The same for one tenant: under its own prefix only, and to the jobs queue only if the configuration knows its senders. */
  readonly tenants: ReadonlyMap<string, ManagedPolicy>;
  /** Reads results of batches, their state and their cost. */
  readonly reader: ManagedPolicy;
  /** Cancels batches; reads their state. */
  readonly canceller: ManagedPolicy;
  /** Pauses deployments, ends rests, repairs batches, runs sweep and reads budgets; reads no prompt. */
  readonly operator: ManagedPolicy;
  /** Publishes configurations without a deploy, and goes back: whoever has it decides which jobs may go where. */
  readonly publisher: ManagedPolicy;
  /** Fetches single jobs' results by id, and the results so far of batches; restricted ones too. */
  readonly jobReader: ManagedPolicy;
  /** Reads why each job went where it went, what stands in quarantine, and under which policy. */
  readonly auditor: ManagedPolicy;

  constructor(scope: Construct, id: string, { foundation, sweep, auditTables }: AccessPoliciesProps) {
    super(scope, id);
    const { policy, queues, storage } = foundation;
    // The CLI finds every name in the stack's outputs.
    const outputs = allow(["cloudformation:DescribeStacks"], [Aws.STACK_ID]);

    this.producer = this.policy("Producer", "Switchyard: submit batches and queue jobs", [
      ...objects(storage.intake, { write: ["uploads"] }),
      ...sendTo([queues.jobs.queue]),
      outputs,
    ]);
    this.tenants = new Map(
      Object.entries(policy.tenants ?? {}).map(([name, { uploads, senders }]) => [
        name,
        this.policy(`Producer-${name}`, `Switchyard: submit batches and jobs of tenant ${name}`, [
          ...(uploads === undefined
            ? []
            : objects(storage.intake, { write: [`uploads/${uploads.replace(/\/$/, "")}`] })),
          ...(senders.length === 0 ? [] : sendTo([queues.jobs.queue])),
          outputs,
        ]),
      ]),
    );
    this.reader = this.policy("Reader", "Switchyard: read results, states and costs of batches", [
      ...objects(storage.intake, { read: ["results"] }),
      items(storage.table, ["GetItem", "BatchGetItem", "Query"]),
      outputs,
    ]);
    this.canceller = this.policy("Canceller", "Switchyard: cancel batches", [
      itemsUnder(storage.table, ["GetItem", "UpdateItem"], ["BATCH#*"]),
      outputs,
    ]);
    this.publisher = this.policy("Publisher", "Switchyard: publish, compare and roll back configurations", [
      itemsUnder(storage.table, ["GetItem", "UpdateItem"], ["POLICY"]),
      ...objects(storage.policies, { read: ["policies"], write: ["policies"] }),
      outputs,
    ]);
    // What lies in them are names of batches and chunks.
    const intake = [queues.uploads, queues.chunks, queues.collect].map(({ queue }) => queue);
    this.operator = this.policy(
      "Operator",
      "Switchyard: pause deployments, list and end rests, redrive batches, run sweep, and read budgets",
      [
        itemsUnder(storage.table, ["BatchGetItem", "UpdateItem"], ["COOLDOWN#*"]),
        itemsUnder(storage.table, ["GetItem", "UpdateItem"], ["BATCH#*", "CHUNK#*"]),
        itemsUnder(storage.table, ["GetItem"], ["POLICY"]),
        itemsUnder(storage.table, ["Query"], ["BUDGET#*", "BATCHES#*"]),
        itemsUnder(storage.table, ["BatchGetItem"], ["BATCH#*"]),
        ...objects(storage.policies, { read: ["policies"] }),
        // Where each chunk of a batch begins and ends.
        ...objectsLike(storage.intake, "plans/*/chunks.jsonl"),
        ...sendTo(intake),
        allow(
          ["sqs:GetQueueUrl"],
          intake.map(({ queueArn }) => queueArn),
        ),
        allow(["lambda:InvokeFunction"], [sweep.functionArn]),
        outputs,
      ],
    );
    // These lie in the segments of both zones.
    this.jobReader = this.policy(
      "JobReader",
      "Switchyard: read results of single jobs and of batches that run, restricted ones too",
      [
        ...objects(storage.intake, { read: ["plans"] }),
        ...objects(storage.general, { read: ["segments"] }),
        ...objects(storage.restricted, { read: ["segments"] }),
        items(storage.table, ["GetItem", "BatchGetItem", "Query"]),
        outputs,
      ],
    );
    this.auditor = this.policy("Auditor", "Switchyard: read audit records, quarantine and policies of both zones", [
      ...objects(storage.general, { read: ["audit", "quarantine"] }),
      ...objects(storage.restricted, { read: ["audit", "quarantine"] }),
      ...objects(storage.policies, { read: ["policies"] }),
      items(storage.table, ["GetItem", "BatchGetItem", "Query"]),
      auditTables.read,
      outputs,
    ]);
  }

  private policy(id: string, description: string, statements: PolicyStatement[]): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, { description, statements });
    acknowledgePrefixes(policy, statements);
    return policy;
  }
}
