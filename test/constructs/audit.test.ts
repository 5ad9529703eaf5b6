import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";
import { actionsOf, allowed, policyStatements, wiringOf } from "./wiring.ts";

const Bucket = z.object({
  LifecycleConfiguration: z.object({
    Rules: z.array(
      z.object({
        Prefix: z.string().optional(),
        ExpirationInDays: z.number().optional(),
        Transitions: z.array(z.object({ StorageClass: z.string(), TransitionInDays: z.number() })).default([]),
      }),
    ),
  }),
});

const Table = z.object({
  DatabaseName: z.string(),
  TableInput: z.object({
    Name: z.string(),
    Parameters: z.record(z.string(), z.string()),
    PartitionKeys: z.array(z.object({ Name: z.string(), Type: z.string() })),
    StorageDescriptor: z.object({
      Location: z.string(),
      Columns: z.array(z.object({ Name: z.string(), Type: z.string() })),
      SerdeInfo: z.object({ SerializationLibrary: z.string(), Parameters: z.record(z.string(), z.string()) }),
    }),
  }),
});

const zones = ["General", "Restricted"] as const;
const kept = ["audit", "quarantine"];

describe("audit records in a stack", () => {
  let virginia: Synthesized;
  let wiring: ReturnType<typeof wiringOf>;
  const under = (prefix: string) => new RegExp(`^<Storage(General|Restricted)[0-9A-F]+\\.Arn>/${prefix}/\\*$`);
  const zonesOf = (arns: string[], prefix: string) =>
    arns.flatMap((arn) => under(prefix).exec(arn)?.[1] ?? []).toSorted();

  beforeAll(() => {
    virginia = stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1");
    wiring = wiringOf(virginia);
  });

  it.each(zones)("are kept for seven years in the bucket %s, and rarely read after three months", (zone) => {
    const bucket = virginia.resources.find(
      ({ type, id }) => type === "AWS::S3::Bucket" && id.startsWith(`Storage${zone}`),
    );
    const { Rules } = Bucket.parse(bucket?.properties).LifecycleConfiguration;

    for (const prefix of kept) {
      const rules = Rules.filter(({ Prefix }) => Prefix === `${prefix}/`);
      expect(rules).toMatchObject([
        { ExpirationInDays: 2557, Transitions: [{ StorageClass: "STANDARD_IA", TransitionInDays: 90 }] },
      ]);
    }
    expect(Rules.find(({ Prefix }) => Prefix === "segments/")?.ExpirationInDays).toBe(30);
  });

  it("are written by classify in both zones, and by lanes and fallbacks in their own", () => {
    const writers = [...wiring.functions.values()].flatMap(({ name, statements }) => {
      const found = zonesOf(allowed(statements, "s3:PutObject"), "audit");
      return found.length === 0 ? [] : [[name.replace(/^invoke .*-/, "invoke "), ...found].join(" ")];
    });

    expect([...new Set(writers)].sort()).toEqual([
      "classify General Restricted",
      "fallback general General",
      "fallback restricted Restricted",
      "invoke general General",
      "invoke restricted Restricted",
    ]);
  });

  it("are read, with what stands in quarantine, by auditors and no function and nobody else", () => {
    for (const { statements } of wiring.functions.values()) {
      for (const prefix of kept) expect(zonesOf(allowed(statements, "s3:GetObject"), prefix)).toEqual([]);
    }
    const readers = virginia.resources
      .filter(({ type }) => type === "AWS::IAM::ManagedPolicy")
      .filter(({ id }) => {
        const statements = policyStatements(virginia, "AWS::IAM::ManagedPolicy", new RegExp(`^${id}$`));
        return kept.some((prefix) => zonesOf(allowed(statements, "s3:GetObject"), prefix).length > 0);
      });
    expect(readers.map(({ id }) => id)).toEqual([expect.stringMatching(/^AccessAuditor/)]);
  });

  it.each(zones)("cannot be read or taken away by any function in the bucket %s, whatever its role says", (zone) => {
    const bucket = policyStatements(virginia, "AWS::S3::BucketPolicy", new RegExp(`^Storage${zone}`));

    const denied = bucket.find(({ Sid }) => Sid === "AuditForAuditorsOnly");
    expect(denied).toMatchObject({
      Effect: "Deny",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:DeleteObjectVersion"],
      Condition: {
        ArnLike: { "aws:PrincipalArn": ["arn:<AWS::Partition>:iam::<AWS::AccountId>:role/switchyard/us-east-1/*"] },
      },
    });
    for (const prefix of kept) expect(zonesOf(denied?.Resource ?? [], prefix)).toEqual([zone]);
  });

  it("let an auditor read both zones' records, policies, items and the tables' definitions, and change nothing", () => {
    const auditor = policyStatements(virginia, "AWS::IAM::ManagedPolicy", /^AccessAuditor/);

    for (const prefix of kept) expect(zonesOf(allowed(auditor, "s3:GetObject"), prefix)).toEqual([...zones]);
    expect(allowed(auditor, "s3:GetObject")).toContainEqual(
      expect.stringMatching(/^<StoragePolicies.*\/policies\/\*$/),
    );
    expect(allowed(auditor, "s3:GetObject")).toHaveLength(5);
    expect(allowed(auditor, "dynamodb:Query")).toEqual([expect.stringMatching(/^<StorageTable/)]);
    expect(allowed(auditor, "glue:GetTable")).toEqual([
      "arn:<AWS::Partition>:glue:us-east-1:<AWS::AccountId>:catalog",
      "arn:<AWS::Partition>:glue:us-east-1:<AWS::AccountId>:database/switchyard",
      "arn:<AWS::Partition>:glue:us-east-1:<AWS::AccountId>:table/switchyard/audit_general",
      "arn:<AWS::Partition>:glue:us-east-1:<AWS::AccountId>:table/switchyard/audit_restricted",
    ]);
    expect(actionsOf(auditor).filter((action) => /Put|Update|Delete|Create|Send|GenerateDataKey/.test(action))).toEqual(
      [],
    );
  });

  it("have a table for each zone that computes a partition for every day", () => {
    const tables = virginia.resources
      .filter(({ type }) => type === "AWS::Glue::Table")
      .map(({ properties }) => Table.parse(properties));

    expect(tables.map(({ TableInput }) => TableInput.Name)).toEqual(["audit_general", "audit_restricted"]);
    for (const { DatabaseName, TableInput } of tables) {
      expect(DatabaseName).toMatch(/^<AuditDatabase[0-9A-F]*>$/);
      const { Location, Columns, SerdeInfo } = TableInput.StorageDescriptor;
      const zone = TableInput.Name === "audit_general" ? "General" : "Restricted";
      expect(Location).toMatch(new RegExp(`^s3://<Storage${zone}[0-9A-F]+>/audit/$`));
      expect(TableInput.PartitionKeys).toMatchObject([{ Name: "date", Type: "string" }]);
      expect(TableInput.Parameters).toMatchObject({
        "projection.enabled": "true",
        "projection.date.type": "date",
        "projection.date.format": "yyyy-MM-dd",
        "projection.date.range": "2026-01-01,NOW",
        "storage.location.template": `${Location}date=\${date}/`,
      });
      expect(SerdeInfo.SerializationLibrary).toBe("org.openx.data.jsonserde.JsonSerDe");
      // Glue keeps names in lower case; the SerDe finds the record's own all the same.
      expect(SerdeInfo.Parameters["case.insensitive"]).toBe("true");
      for (const { Name, Type } of Columns) expect(`${Name} ${Type}`).toBe(`${Name} ${Type}`.toLowerCase());
      expect(new Set(Columns.map(({ Name }) => Name)).size).toBe(Columns.length);
      expect(Columns).toContainEqual(expect.objectContaining({ Name: "policyversion", Type: "string" }));
    }
  });
});
