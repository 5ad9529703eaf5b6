import { Stack, Validations } from "aws-cdk-lib";
import { Effect, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import * as z from "zod";

/** Accepts one cdk-nag finding on a construct, for a reason that is true. */
export function acknowledge(construct: Construct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: finding, reason });
}

/** Accepts the wildcard at the end of each allowed key prefix of the statements, and no other wildcard. */
export function acknowledgePrefixes(construct: Construct, statements: readonly PolicyStatement[]): void {
  const resources = statements
    .filter(({ effect }) => effect === Effect.ALLOW)
    .flatMap((statement) => statement.resources);
  const prefixes = new Set(resources.map((resource) => prefixIn(Stack.of(construct).resolve(resource))));
  for (const prefix of prefixes) {
    if (prefix === undefined) continue;
    acknowledge(
      construct,
      `AwsSolutions-IAM5[Resource::${prefix}]`,
      "One key prefix of one bucket: the names of the objects under it are made while jobs run.",
    );
  }
}

const Prefix = z.object({
  "Fn::Join": z.tuple([
    z.literal(""),
    z.tuple([
      z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }),
      z.string().regex(/^\/[a-z]+(\/[A-Za-z0-9._-]+)*\/\*$/),
    ]),
  ]),
});

/** `<Bucket.Arn>/uploads/*`, as cdk-nag writes it; undefined for what is not a key prefix of a bucket. */
function prefixIn(resource: unknown): string | undefined {
  const parsed = Prefix.safeParse(resource);
  if (!parsed.success) return undefined;
  const [, [bucket, prefix]] = parsed.data["Fn::Join"];
  return `<${bucket["Fn::GetAtt"][0]}.Arn>${prefix}`;
}
