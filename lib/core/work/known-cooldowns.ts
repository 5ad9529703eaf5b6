import type { Cooldown } from "../cooldown.ts";
import type { Clock, CooldownStore } from "../ports.ts";

/** How long what a worker has read of a cooldown is good for. Source: DESIGN, one read a second at most. */
const readEveryMs = 1000;

type Known = {
  /** When the table was asked last. */
  readAtMs: number;
  /** When this worker itself saw a rest begin or end last. */
  seenAtMs: number;
  cooldown: Cooldown | undefined;
};

/** What one worker knows of the deployments' cooldowns: what the table said lately, and what it saw itself since. */
export class KnownCooldowns {
  readonly #clock: Clock;
  readonly #cooldowns: Pick<CooldownStore, "read">;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Map<string, Promise<Cooldown | undefined>>();

  constructor({ clock, cooldowns }: { clock: Clock; cooldowns: Pick<CooldownStore, "read"> }) {
    this.#clock = clock;
    this.#cooldowns = cooldowns;
  }

  /** At most a second old; those who ask at the same time share one read. */
  async read(deployment: string): Promise<Cooldown | undefined> {
    const known = this.#known.get(deployment);
    const askedAtMs = this.#clock();
    if (known !== undefined && askedAtMs - known.readAtMs < readEveryMs) return known.cooldown;
    const reading = this.#reading.get(deployment);
    if (reading !== undefined) return reading;
    const read = this.#cooldowns.read([deployment]).then((found) => {
      const read = found.get(deployment);
      const { cooldown: own, seenAtMs = Number.NEGATIVE_INFINITY } = this.#known.get(deployment) ?? {};
      // What this worker saw lately may not be in the table's answer yet; that knows better only of a later rest.
      const isNewer = own !== undefined && seenAtMs > askedAtMs - readEveryMs && own.untilMs >= (read?.untilMs ?? 0);
      const cooldown = isNewer ? withPauseOf(read, own) : read;
      this.#known.set(deployment, { readAtMs: this.#clock(), seenAtMs, cooldown });
      return cooldown;
    });
    this.#reading.set(deployment, read);
    try {
      return await read;
    } finally {
      this.#reading.delete(deployment);
    }
  }

  /** What was read or seen last, however old. */
  last(deployment: string): Cooldown | undefined {
    return this.#known.get(deployment)?.cooldown;
  }

  /** This worker saw a rest begin or end. That tells nothing of a pause, so the table is asked as soon as without it. */
  saw(deployment: string, rest: Cooldown): void {
    const known = this.#known.get(deployment);
    this.#known.set(deployment, {
      readAtMs: known?.readAtMs ?? Number.NEGATIVE_INFINITY,
      seenAtMs: this.#clock(),
      cooldown: withPauseOf(known?.cooldown, rest),
    });
  }

  /** The next read asks the table. */
  forget(deployment: string): void {
    this.#known.delete(deployment);
  }
}

/** A rest, with the pause that another reading has or has not. */
function withPauseOf(reading: Cooldown | undefined, { paused: _, ...rest }: Cooldown): Cooldown {
  return reading?.paused === undefined ? rest : { ...rest, paused: reading.paused };
}
