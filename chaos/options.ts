import { parseArgs } from "node:util";
import type { Intensity } from "./fault-plan.ts";

/** A run as it is asked for. */
export type ChaosOptions = {
  seed: number;
  jobs: number;
  /** How many times faster than the world's the run's clocks go. @default as many as the machine bears, at most 20 */
  speed: number;
  /** Minutes of the run's own time in which faults happen at least; and until most batches are over. */
  minutes: number;
  intensity: Intensity;
  /** Another endpoint for SQS, S3 and DynamoDB. @default the engine's own emulators */
  endpoint: { aws: string; dynamodb: string } | undefined;
  json: boolean;
  /** Tell of every invocation that fails. */
  verbose: boolean;
};

export type ReadOptions = { kind: "options"; options: ChaosOptions } | { kind: "wrong"; message: string };

const rates: Intensity["rates"] = {
  "call failed": 0.007,
  "call failed after it took effect": 0.007,
  "call throttled": 0.007,
  "answer cut off": 0.005,
  "call slow": 0.007,
  "message sent twice": 0.05,
  "message sent late": 0.04,
  "send partly refused": 0.03,
  "message delivered twice": 0.05,
  "deliveries reordered": 0.5,
  "deletion lost": 0.03,
};

const long = {
  jobs: 100_000,
  speed: 10,
  minutes: 20,
  intensity: {
    rates,
    killPoints: 1,
    freezePoints: 0.3,
    killGrowth: 8,
    killEveryMs: 180_000,
    mostSkewMs: 10_000,
    providerRate: 0.008,
  },
};

/** A small run makes few calls and deliveries: more of them meet a fault. */
const highRates: Intensity["rates"] = {
  "call failed": 0.02,
  "call failed after it took effect": 0.02,
  "call throttled": 0.02,
  "answer cut off": 0.02,
  "call slow": 0.02,
  "message sent twice": 0.12,
  "message sent late": 0.08,
  "send partly refused": 0.08,
  "message delivered twice": 0.08,
  "deliveries reordered": 0.8,
  "deletion lost": 0.05,
};

/** The same kinds, fewer of each, in seconds. */
const short = {
  jobs: 600,
  speed: 20,
  minutes: 3,
  intensity: {
    rates: highRates,
    killPoints: 0.15,
    freezePoints: 0.1,
    killGrowth: 20,
    killEveryMs: 60_000,
    mostSkewMs: 10_000,
    providerRate: 0.01,
  },
};

const usage =
  "Use: npm run chaos -- [--short] [--seed N] [--jobs N] [--speed N] [--minutes N] [--endpoint URL [--dynamodb-endpoint URL]] [--json] [--verbose]";

/** Reads the command line; the clocks go slower where the machine is busy, unless it says how fast; AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB are the endpoints where none is given. */
export function readOptions(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
  contention: () => number,
): ReadOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        short: flag,
        json: flag,
        verbose: flag,
        seed: text,
        jobs: text,
        speed: text,
        minutes: text,
        endpoint: text,
        "dynamodb-endpoint": text,
      },
    });
    const form = values.short ? short : long;
    const aws = values.endpoint ?? environment.AWS_ENDPOINT_URL;
    const dynamodb = values["dynamodb-endpoint"] ?? environment.AWS_ENDPOINT_URL_DYNAMODB ?? aws;
    const numbers = {
      seed: numberOf(values.seed, 1),
      jobs: numberOf(values.jobs, form.jobs),
      speed: values.speed === undefined ? form.speed / contention() : Number(values.speed),
      minutes: numberOf(values.minutes, form.minutes),
    };
    const wrong = Object.entries(numbers).find(([, value]) => !(value > 0));
    if (wrong !== undefined) return { kind: "wrong", message: `--${wrong[0]} must be a number above 0. ${usage}` };
    const endpoint = aws === undefined || dynamodb === undefined ? undefined : { aws, dynamodb };
    return {
      kind: "options",
      options: { ...numbers, intensity: form.intensity, endpoint, json: values.json, verbose: values.verbose },
    };
  } catch (error) {
    return { kind: "wrong", message: `${error instanceof Error ? error.message : String(error)} ${usage}` };
  }
}

function numberOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Number(text);
}
