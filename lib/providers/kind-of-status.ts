import type { FailureKind } from "../core/failure.ts";

/**
 * What an HTTP status other than 200 says when the provider's own code says no more.
 * A redirect is not followed: it is a fault of the provider or its `baseUrl`, not of the request, so `server-error`,
 * which lets the job go on elsewhere and cools the deployment.
 */
export function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
    case 403:
      return "auth";
    case 402:
      return "quota-exceeded";
    case 404:
      return "not-found";
    case 408:
      return "timeout";
    case 413:
      return "context-too-long";
    case 429:
      return "rate-limited";
    case 503:
    case 529:
      return "overloaded";
    default:
      return status >= 400 && status < 500 ? "invalid-request" : "server-error";
  }
}
