import { type IpRange, rangeOf } from "../ip-range.ts";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/** Where an external deployment is. `range`: of a host that is an address and no name. */
export type BaseUrl =
  | { kind: "accepted"; baseUrl: string; loopback: boolean; range?: IpRange }
  | { kind: "refused"; message: string };

/** Accepts https, and http on loopback; without a final slash, credentials, query or fragment. */
export function parseBaseUrl(text: string): BaseUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    return refused("is not a URL; write https://host/path.");
  const loopback = loopbackHosts.includes(url.hostname);
  if (url.protocol === "http:" && !loopback) return refused("must be https; http is allowed on loopback only.");
  if (url.username !== "" || url.password !== "")
    return refused("must not hold credentials; keep them in Secrets Manager and name the secret.");
  if (url.search !== "" || url.hash !== "") return refused("must not have a query or a fragment.");
  const range = rangeOf(url.hostname.replace(/^\[|\]$/g, ""));
  return {
    kind: "accepted",
    baseUrl: url.href.replace(/\/+$/, ""),
    loopback,
    ...(range !== undefined && { range }),
  };
}

function refused(message: string): BaseUrl {
  return { kind: "refused", message };
}
