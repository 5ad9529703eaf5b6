/** A call of a function that IAM refuses on AWS. */
export type Denial = {
  functionName: string;
  /** `service.Operation` */
  call: string;
  /** The IAM action that is not allowed, which may be another service's: a key's, to send to a queue under it. */
  action: string;
  /** ARN */
  resource: string;
  /** Why, and what to do. */
  why: string;
  /** As AWS says it to the caller. */
  message: string;
};

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/FUNCTION`, as which a function is known when it calls. */
export function sessionArn(roleArn: string, functionName: string): string {
  const [, , , , account, resource = ""] = roleArn.split(":");
  return `arn:aws:sts::${account}:assumed-role/${resource.slice(resource.lastIndexOf("/") + 1)}/${functionName}`;
}
