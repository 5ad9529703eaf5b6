import type { IamPolicy } from "./iam-policy.ts";

/** A role as it may act. */
export type AccountRole = { arn: string; logicalId: string; policies: readonly IamPolicy[]; trust: IamPolicy };

/** A resource that has a policy of its own or stands under a key of the stack. */
export type AccountResource = {
  arn: string;
  logicalId: string;
  type: string;
  policy: IamPolicy | undefined;
  /** ARN of the key that it is under; undefined when AWS's own keys serve. */
  keyArn: string | undefined;
};

export type AccountQueue = AccountResource & { deadLetterArn: string | undefined };
/** With a bucket key, one data key serves many objects and its context is the bucket. */
export type AccountBucket = AccountResource & { bucketKey: boolean };

/** Everything in one stack that decides who may do what, references resolved. */
export type Account = {
  id: string;
  region: string;
  roles: ReadonlyMap<string, AccountRole>;
  /** By ARN, as the others: what the stack offers to attach to roles that it does not know. */
  managedPolicies: ReadonlyMap<string, IamPolicy>;
  keys: ReadonlyMap<string, AccountResource>;
  /** ARNs of the keys by the names of their aliases, `alias/…`. */
  keyAliases: ReadonlyMap<string, string>;
  queues: ReadonlyMap<string, AccountQueue>;
  buckets: ReadonlyMap<string, AccountBucket>;
  topics: ReadonlyMap<string, AccountResource>;
  functions: ReadonlyMap<string, AccountResource>;
};

/** The bucket that an ARN names, or one of whose objects it names. */
export function bucketOf(account: Account, arn: string): AccountBucket | undefined {
  return account.buckets.get(arn.split("/", 1)[0] ?? arn);
}

/** What guards a resource besides the caller's own policies. */
export function guardOf(account: Account, arn: string): { policy: IamPolicy | undefined; delegated: boolean } {
  const role = account.roles.get(arn);
  if (role !== undefined) return { policy: role.trust, delegated: true };
  const key = account.keys.get(arn);
  if (key !== undefined) return { policy: key.policy, delegated: true };
  const resource =
    account.queues.get(arn) ?? account.topics.get(arn) ?? account.functions.get(arn) ?? bucketOf(account, arn);
  return { policy: resource?.policy, delegated: false };
}
