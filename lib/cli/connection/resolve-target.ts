import { wrongUse } from "../errors.ts";
import type { Io } from "../io.ts";
import type { LocalFile } from "./local-file.ts";
import { type ConnectionOptions, type Name, names } from "./options.ts";

/** Where commands go: the names they asked for, and how the AWS clients get there. */
export type Target = {
  kind: "local" | "aws";
  /** @default what the AWS SDK finds */
  region?: string;
  endpoint?: string;
  dynamodbEndpoint?: string;
  /** A name that was asked for. */
  name(name: Name): string;
};

export type TargetSources = {
  readLocal(): Promise<LocalFile | undefined>;
  /** Outputs of a stack by their ids. Throws CommandError when they cannot be had. */
  describeStack(where: { region?: string; stack?: string; endpoint?: string }): Promise<Record<string, string>>;
};

/** Finds the resources that a command needs: flags > AWS_ENDPOINT_URL and flags > the local engine > the stack's outputs. */
export async function resolveTarget(
  needs: readonly Name[],
  options: ConnectionOptions,
  io: Pick<Io, "env">,
  sources: TargetSources,
): Promise<Target> {
  const environmentEndpoint = io.env.AWS_ENDPOINT_URL;
  const endpoint = options.endpoint ?? (environmentEndpoint === "" ? undefined : environmentEndpoint);
  const region = options.region ?? io.env.AWS_REGION ?? io.env.AWS_DEFAULT_REGION;
  const where = {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.dynamodbEndpoint === undefined ? {} : { dynamodbEndpoint: options.dynamodbEndpoint }),
  };
  if (needs.every((need) => options[need] !== undefined)) return { kind: "aws", ...where, name: nameFrom(options) };

  // Whoever exports the local engine's endpoint for other AWS clients still means that engine.
  const local = options.stack === undefined ? await sources.readLocal() : undefined;
  const isMeant = local !== undefined && (endpoint === undefined || sameUrl(endpoint, local.endpoint));
  if (isMeant && options.region !== undefined && options.region !== local.region)
    throw wrongUse(
      `The local engine started in this directory runs ${local.region}, not ${options.region}. ` +
        "Stop it, or name the stack on AWS with --stack.",
    );
  if (isMeant) {
    const { region: localRegion, endpoint: localEndpoint, dynamodbEndpoint } = local;
    const given = { ...local, ...definedOf(options) };
    return { kind: "local", region: localRegion, endpoint: localEndpoint, dynamodbEndpoint, name: nameFrom(given) };
  }

  const missing = needs.filter((need) => options[need] === undefined);
  const outputs = await sources
    .describeStack({ ...where, ...(options.stack === undefined ? {} : { stack: options.stack }) })
    .catch((error: unknown) => {
      if (endpoint === undefined) throw error;
      throw wrongUse(
        `${endpoint} does not tell the stack's outputs. Give the names as flags: ` +
          `${missing.map((need) => names[need].flag).join(", ")}.`,
      );
    });
  const found = Object.fromEntries(missing.map((need) => [need, outputs[names[need].output]]));
  return { kind: "aws", ...where, name: nameFrom({ ...found, ...definedOf(options) }) };
}

function nameFrom(given: Partial<Record<Name, string | undefined>>): (name: Name) => string {
  return (name) => {
    const value = given[name];
    if (value !== undefined) return value;
    throw wrongUse(
      `The stack has no output ${names[name].output}; is it one of Switchyard's? Give the name with ${names[name].flag}.`,
    );
  };
}

function definedOf(options: ConnectionOptions): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => key in names && value !== undefined));
}

function sameUrl(a: string, b: string): boolean {
  return URL.parse(a)?.origin === URL.parse(b)?.origin;
}
