import { Aws, Duration, RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type Keys, otherSides } from "./keys.ts";
import { acknowledge } from "./nag.ts";
import { allRoles, neverFor, type RoleSide, rolesOf } from "./role-side.ts";

export type StorageProps = {
  keys: Keys;
  /** Buckets and table outlive the stack. */
  retain: boolean;
};

/** Plans, payloads and segments serve a batch while it runs and jobs queued singly until their results are fetched. */
const workingDays = 30;
const accessLogDays = 90;
/**
 * Audit records, and what stands in quarantine: seven years, leap days included. HIPAA asks that such documentation be
 * kept for six years (45 CFR 164.316(b)(2)(i)); one more covers the year that an audit takes to ask.
 */
const auditDays = 2557;
/** By then a record is read for an audit only. S3 leaves objects below 128 KB where they are: moving them would cost more. */
const auditRarelyReadAfterDays = 90;

/**
 * The buckets and the table. S3 holds bytes, DynamoDB says which bytes count.
 *
 * Buckets keep no versions: objects are written once under unique keys, an upload that is replaced is refused by its
 * ETag, and what someone erases must be gone.
 */
export class Storage extends Construct {
  readonly intake: Bucket;
  readonly general: Bucket;
  readonly restricted: Bucket;
  readonly policies: Bucket;
  /** Who asked for which object, and which connections an isolated network had. */
  readonly accessLogs: Bucket;
  readonly table: Table;

  constructor(scope: Construct, id: string, { keys, retain }: StorageProps) {
    super(scope, id);
    const removalPolicy = retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.accessLogs = this.bucket("AccessLogs", { removalPolicy, lifecycleRules: [expire("", accessLogDays)] });
    this.accessLogs.addToResourcePolicy(
      new PolicyStatement({
        sid: "AccessLogs",
        principals: [new ServicePrincipal("logging.s3.amazonaws.com")],
        actions: ["s3:PutObject"],
        resources: [this.accessLogs.arnForObjects("*")],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    acknowledge(
      this.accessLogs,
      "AwsSolutions-S1",
      "It receives the access logs of the other buckets; its own would loop.",
    );

    const working = (...prefixes: string[]): LifecycleRule[] => prefixes.map((prefix) => expire(prefix, workingDays));
    const logged = { removalPolicy, accessLogs: this.accessLogs };
    // Uploads and results are their owners': they stay until someone removes them.
    this.intake = this.bucket("Intake", { ...logged, key: keys.intake, lifecycleRules: working("plans/", "jobs/") });
    const ofZone = [...working("payloads/", "segments/", "cache/"), keep("audit/"), keep("quarantine/")];
    this.general = this.bucket("General", { ...logged, key: keys.general, lifecycleRules: ofZone });
    this.restricted = this.bucket("Restricted", { ...logged, key: keys.restricted, lifecycleRules: ofZone });
    // Configuration only, no user's data, and no key that every function would need.
    this.policies = this.bucket("Policies", { ...logged, lifecycleRules: [] });

    // Object events go to EventBridge. The construct's own way to say so brings a custom resource.
    resourceOf(this.intake).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.keepFrom("intake", ["general", "restricted"]);
    this.keepFrom("general", ["restricted", "intake"]);
    this.keepFrom("restricted", ["general", "intake"]);
    for (const bucket of [this.general, this.restricted]) {
      // What a function has written there it can neither read nor take away.
      const what = {
        actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        resources: [bucket.arnForObjects("audit/*"), bucket.arnForObjects("quarantine/*")],
      };
      bucket.addToResourcePolicy(neverFor([allRoles(this)], { sid: "AuditForAuditorsOnly", ...what }));
    }

    this.table = new Table(this, "Table", {
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "expiresAt",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      removalPolicy,
    });
  }

  /** As the bucket's key does. */
  private keepFrom(name: "intake" | "general" | "restricted", sides: RoleSide[]): void {
    const bucket = this[name];
    bucket.addToResourcePolicy(
      neverFor(
        sides.map((side) => rolesOf(this, side)),
        { sid: otherSides[name], actions: ["s3:*"], resources: [bucket.bucketArn, bucket.arnForObjects("*")] },
      ),
    );
  }

  private bucket(
    id: string,
    props: { removalPolicy: RemovalPolicy; lifecycleRules: LifecycleRule[]; key?: Key; accessLogs?: Bucket },
  ): Bucket {
    const { removalPolicy, lifecycleRules, key, accessLogs } = props;
    const bucket = new Bucket(this, id, {
      ...(key === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: false,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }, ...lifecycleRules],
      removalPolicy,
    });
    if (accessLogs !== undefined) {
      resourceOf(bucket).loggingConfiguration = {
        destinationBucketName: accessLogs.bucketName,
        logFilePrefix: `${id.toLowerCase()}/`,
      };
    }
    // A bucket that stays keeps its policy: TLS only, and nothing for roles of another side.
    bucket.policy?.applyRemovalPolicy(removalPolicy);
    return bucket;
  }
}

function keep(prefix: string): LifecycleRule {
  return {
    ...expire(prefix, auditDays),
    transitions: [
      { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(auditRarelyReadAfterDays) },
    ],
  };
}

function expire(prefix: string, days: number): LifecycleRule {
  return { expiration: Duration.days(days), ...(prefix === "" ? {} : { prefix }) };
}

function resourceOf(bucket: Bucket): CfnBucket {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error("A bucket construct has no bucket resource.");
  return resource;
}
