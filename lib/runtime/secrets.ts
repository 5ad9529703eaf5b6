import { getSecret } from "@aws-lambda-powertools/parameters/secrets";

/** How long a fetched secret serves others that ask for it, seconds. */
const maxAge = 300;

type Fetch = (
  name: string,
  options: { maxAge: number; forceFetch: boolean },
) => Promise<string | Uint8Array | undefined>;

/**
 * A deployment's key, which is the whole text of its secret. Who asks again had it refused: then it is fetched anew, for
 * it may have been rotated. Throws when there is no such secret, naming the secret and never its value.
 */
export function secretOf(name: string, fetch: Fetch = getSecret): () => Promise<string> {
  let forceFetch = false;
  return async () => {
    const value = await fetch(name, { maxAge, forceFetch });
    forceFetch = true;
    if (typeof value === "string") return value;
    throw new Error(`The secret ${name} has no text; put the provider's key into it as plain text.`);
  };
}
