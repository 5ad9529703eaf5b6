import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  CfnFunction,
  type Code,
  EventSourceMapping,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { DirectCalls } from "./bedrock-statements.ts";
import type { IsolatedNetwork } from "./isolated-network.ts";
import { acknowledgeInterfaces, isolatedRole } from "./isolated-role.ts";
import { acknowledgePrefixes } from "./nag.ts";
import { type RoleSide, rolePath } from "./role-side.ts";
import { allow } from "./statements.ts";

export type HandlerProps = {
  description: string;
  code: Code;
  side: RoleSide;
  timeoutSeconds: number;
  memoryMiB: number;
  environment: Record<string, string>;
  /** All that the function may do, apart from writing its own log. */
  statements: PolicyStatement[];
  /** Messages come back to it by design; Lambda would stop them after 16 hops. @default false */
  loops?: boolean;
  /** Runs in this network, and may do its work from there only. @default in none */
  isolated?: { network: IsolatedNetwork; models: DirectCalls };
};

export type Feed = {
  batchSize: number;
  /** How long Lambda waits to fill a batch. @default 0 */
  windowSeconds?: number;
  /** Invocations that this queue may have at once; at least 2. */
  maximumConcurrency: number;
};

/** One Lambda function with a role of its own and an explicit log group. */
export class Handler extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id);
    const { isolated } = props;
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Everything is in the role itself: it is complete before the function and its event sources are made.
    const role = new Role(this, "Role", {
      description: props.description,
      path: rolePath(this, props.side),
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: {
        work: new PolicyDocument({
          statements: [
            allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
            ...props.statements,
            ...(isolated === undefined ? [] : isolatedRole(this, isolated.network, isolated.models)),
          ],
        }),
      },
    });
    acknowledgePrefixes(role, props.statements);
    if (isolated !== undefined) acknowledgeInterfaces(role);

    this.function = new LambdaFunction(this, "Function", {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: props.code,
      handler: "index.handler",
      role: role.withoutPolicyUpdates(),
      logGroup,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMiB,
      ...(props.loops === true ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: "switchyard",
        POWERTOOLS_METRICS_NAMESPACE: "Switchyard",
        NODE_OPTIONS: "--enable-source-maps",
      },
    });
    if (isolated !== undefined) this.enter(isolated.network);
  }

  private enter(network: IsolatedNetwork): void {
    const resource = this.function.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error("A function construct has no function resource.");
    // The construct's own way would give the role a managed policy.
    resource.vpcConfig = network.place;
    // All of it: without a route or a rule its first calls would fail.
    this.function.node.addDependency(network);
  }

  /** Lambda polls the queue for this function, which reports each failed message on its own. */
  feedFrom(name: string, queue: Queue, feed: Feed): void {
    new EventSourceMapping(this, `From-${name}`, {
      target: this.function,
      eventSourceArn: queue.queueArn,
      batchSize: feed.batchSize,
      ...(feed.windowSeconds === undefined ? {} : { maxBatchingWindow: Duration.seconds(feed.windowSeconds) }),
      maxConcurrency: feed.maximumConcurrency,
      reportBatchItemFailures: true,
    });
  }
}
