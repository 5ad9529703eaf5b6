import type { buildApp } from "fauxqs";
import * as z from "zod";
import type { FauxqsStores } from "./fauxqs-stores.ts";

type App = ReturnType<typeof buildApp>;

/** S3 takes objects up to 5 GB in one request; here they are in memory, and this is enough for any batch. */
const maxBodyBytes = 1024 ** 3;

const ObjectPath = z.object({ bucket: z.string(), "*": z.string().min(1) });

/** Makes fauxqs 2.4.1 answer as AWS does where it does not and this project, or one of its users' tools, would notice. */
export function correctFauxqs(app: App, stores: FauxqsStores): void {
  // Bodies over 11 MiB are refused, and an object whose content type is one of a service protocol is parsed as such.
  const parsers: Record<string, (body: string) => unknown> = {
    "application/x-amz-json-1.0": (body) => JSON.parse(body),
    "application/x-www-form-urlencoded": (body) => Object.fromEntries(new URLSearchParams(body)),
  };
  const raw = { parseAs: "buffer", bodyLimit: maxBodyBytes } as const;
  app.removeContentTypeParser(["*", ...Object.keys(parsers)]);
  app.addContentTypeParser("*", raw, (_request, body, done) => done(null, body));
  for (const [type, parse] of Object.entries(parsers)) {
    app.addContentTypeParser(type, raw, (request, body: Buffer, done) => {
      try {
        done(null, request.method === "PUT" ? body : parse(body.toString("utf8")));
      } catch {
        done(Object.assign(new Error("The body cannot be parsed."), { statusCode: 400 }));
      }
    });
  }

  app.addHook("preHandler", async (request, reply) => {
    // An empty object has no body to parse.
    if (request.method === "PUT" && request.body === undefined) request.body = Buffer.alloc(0);
    const condition = request.headers["if-match"];
    if (condition === undefined || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
    // S3 takes an ETag without quotes too, as EventBridge gives it; and HEAD has the condition as GET does.
    const etag = condition.startsWith('"') ? condition : `"${condition}"`;
    request.headers["if-match"] = etag;
    const path = request.method === "HEAD" ? ObjectPath.safeParse(request.params).data : undefined;
    const object = path === undefined ? undefined : stores.object(path.bucket, path["*"]);
    return object === undefined || object.etag === etag ? undefined : reply.status(412).send();
  });
}
