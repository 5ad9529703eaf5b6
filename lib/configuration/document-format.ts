import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "../core/configuration/canonical-json.ts";
import { PolicyDocument } from "../core/configuration/document.ts";

/**
 * A name for what documents of this version of Switchyard may hold. Functions read strictly: a document of another format
 * could be one that a deploy's functions refuse.
 */
export function documentFormat(): string {
  const schema = canonicalJson(z.toJSONSchema(PolicyDocument, { io: "input" }));
  return createHash("sha256").update(schema).digest("hex").slice(0, 16);
}
