import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ConfigurationInput } from "../../lib/core/configuration/schema.ts";
import { compileCondition } from "../../lib/core/rules.ts";

const text = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");

type Key = { path: string; default?: unknown };

const Node = z.looseObject({
  default: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Node]).optional();
  },
  get items() {
    return Node.optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

/** Every key of the schema as the reference writes it: `deployments.<name>.limits.concurrency`. */
function keysOf(node: Node, path: string): Key[] {
  const below = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const place = path === "tiers" ? "tiers.<tier>" : path === "" ? name : `${path}.${name}`;
    return [{ path: place, default: child.default }, ...keysOf(child, place)];
  });
  const { additionalProperties: named } = node;
  // The names of facts are their owner's: there is nothing more to say of each.
  const isFacts = /\.(facts|require)$/.test(path) && typeof named === "object" && named.properties === undefined;
  if (typeof named === "object" && !isFacts) below.push({ path: `${path}.<name>` }, ...keysOf(named, `${path}.<name>`));
  for (const option of node.anyOf ?? []) below.push(...keysOf(option, path));
  if (node.items !== undefined) below.push(...keysOf(node.items, `${path}[]`));
  return below;
}

const schema = Node.parse(z.toJSONSchema(ConfigurationInput, { unrepresentable: "any", io: "output" }));
const keys = new Map(keysOf(schema, "").map((key) => [key.path, key]));

/** Rows of the tables of keys: `| key | type | default | meaning |`. */
const rows = new Map(
  [...text.matchAll(/^\| `([^`]+)` \|[^|\n]*\|([^|\n]*)\|.*\|$/gm)].map(([, path = "", stated = ""]) => [
    path,
    stated.trim(),
  ]),
);

/** `[where, key]` of what "Not available yet" lists. */
const refused = (text.split("## Not available yet")[1] ?? "")
  .split("\n")
  .filter((line) => /^\| (top|`)/.test(line))
  .flatMap((line) => {
    const [, where = "", listed = ""] = line.split("|");
    return [...listed.matchAll(/`([^`]+)`/g)].map(([, key = ""]) => [where.trim().replaceAll("`", ""), key] as const);
  });

/** A configuration that is right but for one key more at a place. */
function withKey(where: string, key: string): unknown {
  const extra = (place: string) => (place === where ? { [key]: 1 } : {});
  const tier = {
    chain: [{ use: "a", ...extra("tiers.<tier>.chain[]") }],
    ...extra("tiers.<tier>"),
  };
  return {
    version: 1,
    regions: ["eu-central-1"],
    deployments: {
      a: {
        provider: "openai",
        model: "m",
        limits: extra("deployments.<name>.limits"),
        ...extra("deployments.<name>"),
      },
    },
    tiers: { lightweight: tier, standard: tier, capable: tier },
    dataClasses: { public: extra("dataClasses.<name>") },
    untagged: "public",
    routing: extra("routing"),
    ...extra("top"),
  };
}

describe("the configuration reference", () => {
  it("documents every key of the schema, and no other", () => {
    expect([...rows.keys()].toSorted()).toEqual([...keys.keys()].toSorted());
  });

  it("states the schema's default of every key that has one", () => {
    for (const { path, default: value } of keys.values()) {
      if (value === undefined) continue;
      const shown = typeof value === "string" ? value : JSON.stringify(value).replaceAll(",", ", ");
      expect(`${path}: ${rows.get(path)}`).toBe(`${path}: \`${shown}\``);
    }
  });

  it.each(refused)("lists under %s a key that is refused as not available: %s", (where, key) => {
    const parsed = ConfigurationInput.safeParse(withKey(where, key));

    expect(parsed.error?.issues.map(({ message }) => message)).toContain(`"${key}" is not available yet; remove it.`);
  });

  it("lists keys that are refused at every place that has some", () => {
    expect(new Set(refused.map(([where]) => where)).size).toBe(5);
  });

  it("documents every name that a condition can use", () => {
    const compiled = compileCondition("nameThatThereIsNot");
    const message = compiled.kind === "invalid" ? compiled.message : "";
    const names = /there are ([A-Za-z, ]+)\./.exec(message)?.[1]?.split(", ") ?? [];

    expect(names).toContain("inputTokens");
    const table = text.split("### Conditions")[1]?.split("\n## ")[0] ?? "";
    expect(names.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});
