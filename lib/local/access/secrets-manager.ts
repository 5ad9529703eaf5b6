import * as z from "zod";
import type { ActionsOf, Place } from "./api-request.ts";

const Secret = z.object({ SecretId: z.string() });

/** Source: Service Authorization Reference, "Actions defined by AWS Secrets Manager". */
export function secretsManagerActions(arnOf: (secretId: string) => string): ActionsOf {
  return (operation, { body }) => {
    if (operation !== "GetSecretValue") return undefined;
    const resource = arnOf(Secret.safeParse(body).data?.SecretId ?? "");
    return [{ action: "secretsmanager:GetSecretValue", resource }];
  };
}

const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * The ARNs of secrets by their names. Secrets Manager ends each with six characters that nobody can know before, so that
 * a policy must leave room for them; so here too.
 * @param random from 0 to less than 1
 */
export function createSecretArns({ region, accountId }: Place, random: () => number): (secretId: string) => string {
  const suffixes = new Map<string, string>();
  const suffix = (): string => Array.from({ length: 6 }, () => characters[Math.floor(random() * 62)]).join("");
  return (secretId) => {
    if (secretId.startsWith("arn:")) return secretId;
    const known = suffixes.get(secretId) ?? suffix();
    suffixes.set(secretId, known);
    return `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}-${known}`;
  };
}
