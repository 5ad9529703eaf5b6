import ipaddr from "ipaddr.js";

/**
 * What kind of network an address belongs to. `special` is everything that is no server's own address: unspecified,
 * multicast, broadcast, reserved, documentation, tunnels.
 */
export type IpRange = "public" | "private" | "loopback" | "link-local" | "special";

/** A form without meaning since RFC 4291, which ipaddr.js takes for IPv4-mapped. */
const ipv4Compatible = /^::\d+\./;

/**
 * The range of an IPv4 or IPv6 address, without brackets; undefined for a name. An address that carries an IPv4 address
 * in it (IPv4-mapped; NAT64, as DNS64 answers in IPv6-only subnets) is in that one's range.
 * Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries, by way of ipaddr.js; RFC 4291 section 2.4 for what is
 * allocated as global unicast (2000::/3).
 */
export function rangeOf(address: string): IpRange | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  if (ipv4Compatible.test(address)) return "special";
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return rangeOfIpv4(parsed);
  if (!(parsed instanceof ipaddr.IPv6)) return "special";
  const bytes = parsed.toByteArray();
  const range = parsed.range();
  switch (range) {
    case "unicast":
      return (bytes[0] ?? 0) >> 5 === 1 ? "public" : "special";
    case "uniqueLocal":
      return "private";
    case "loopback":
      return "loopback";
    case "linkLocal":
      return "link-local";
    case "ipv4Mapped":
      return rangeOfIpv4(new ipaddr.IPv4(bytes.slice(12)));
    case "rfc6052":
      // Of the two NAT64 prefixes, the local one (64:ff9b:1::/48) holds the IPv4 address elsewhere.
      return bytes.slice(4, 12).every((byte) => byte === 0) ? rangeOfIpv4(new ipaddr.IPv4(bytes.slice(12))) : "special";
    default:
      return "special";
  }
}

function rangeOfIpv4(address: ipaddr.IPv4): IpRange {
  switch (address.range()) {
    case "unicast":
      return "public";
    case "private":
    case "carrierGradeNat":
      return "private";
    case "loopback":
      return "loopback";
    case "linkLocal":
      return "link-local";
    default:
      return "special";
  }
}
