import type { IncomingHttpHeaders } from "node:http";
import type { Call } from "../iam/requirements.ts";

/** An API call as it reached an emulated service. */
export type ApiRequest = {
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** The parsed body of the JSON and query protocols. */
  body: unknown;
};

/** Where the called resources are, for their ARNs. */
export type Place = { region: string; accountId: string };

/** What a service asks IAM for before it does an operation; undefined for an operation that it does not know. */
export type ActionsOf = (operation: string, request: ApiRequest, place: Place) => readonly Call[] | undefined;
