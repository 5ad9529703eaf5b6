import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { rangeOf } from "../core/ip-range.ts";
import { mayReach, type Reach } from "../core/reach.ts";

/** Where one deployment's connections may go: one origin, at addresses of its reach. */
export type Egress = {
  /** `https://api.openai.com`: scheme, host and port. */
  origin: string;
  reach: Reach;
  /** @default the system's resolver */
  resolve?: Resolve;
};

/** Every address of a host name; rejects as `dns.lookup` does. */
export type Resolve = (hostname: string, options: LookupOptions) => Promise<LookupAddress[]>;

/** The egress of a deployment whose requests are sent under `baseUrl`. */
export function egressTo(baseUrl: string, reach: Reach, resolve: Resolve | undefined): Egress {
  return { origin: new URL(baseUrl).origin, reach, ...(resolve !== undefined && { resolve }) };
}

/** A connection that was not opened, because it would have led where its deployment may not go. */
export class EgressRefused extends Error {
  override readonly name = "EgressRefused";
  /** `origin-refused`, or `address-refused` and the range that it is in; never the address. */
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.detail = detail;
  }
}

/** Why a host that is written as an address may not be connected to; undefined for names, which `guardedLookup` checks. */
export function refusedLiteral(hostname: string, reach: Reach): EgressRefused | undefined {
  const range = rangeOf(hostname);
  return range === undefined || mayReach(reach, range) ? undefined : new EgressRefused(`address-refused ${range}`);
}

/**
 * A socket's `lookup` that hands out addresses of a reach only. It is asked anew for every connection, and the socket
 * connects to exactly what it answers:
 *
 *     connection 1  lookup → 203.0.114.7 ✓ ── connects there
 *     connection 2  lookup → 10.0.0.5    ✗    the name now points inside: no connection
 *
 * One address out of reach refuses them all: such an answer is a fault or an attack, whichever comes first in it.
 */
export function guardedLookup(reach: Reach, resolve: Resolve = resolveBySystem): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options).then(
      (addresses) => {
        const first = addresses[0];
        const refused = addresses
          .map(({ address }) => rangeOf(address) ?? "special")
          .find((range) => !mayReach(reach, range));
        if (refused !== undefined) callback(new EgressRefused(`address-refused ${refused}`), "");
        else if (first === undefined) callback(Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "");
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error("lookup failed"), ""),
    );
  };
}

function resolveBySystem(hostname: string, options: LookupOptions): Promise<LookupAddress[]> {
  return lookup(hostname, { ...options, all: true });
}
