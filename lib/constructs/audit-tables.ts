import { Aws, Stack } from "aws-cdk-lib";
import { CfnDatabase, CfnTable } from "aws-cdk-lib/aws-glue";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { Zone } from "../core/names.ts";
import { auditColumns } from "./audit-columns.ts";
import { auditDatabaseName } from "./fixed-names.ts";
import { allow } from "./statements.ts";
import type { Storage } from "./storage.ts";

/**
 * What Athena needs to query the audit records: a table for each zone over `audit/date=<day>/` of its bucket, JSON by
 * line. Days are computed from the table's properties, so that nothing has to add partitions.
 * Source: Athena User Guide, "Use partition projection with Amazon Athena".
 */
export class AuditTables extends Construct {
  /** Reading these definitions, for whoever may read the records too. */
  readonly read: PolicyStatement;

  constructor(scope: Construct, id: string, storage: Storage) {
    super(scope, id);
    const database = new CfnDatabase(this, "Database", {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: auditDatabaseName, description: "Switchyard: audit records of each zone" },
    });
    for (const zone of Zone.options) {
      new CfnTable(this, zone, {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: database.ref,
        tableInput: tableOver(storage[zone], zone),
      });
    }

    const tables = Zone.options.map((zone) => `table/${auditDatabaseName}/${tableName(zone)}`);
    const resources = ["catalog", `database/${auditDatabaseName}`, ...tables];
    this.read = allow(
      ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
      resources.map((resource) => Stack.of(this).formatArn({ service: "glue", resource })),
    );
  }
}

function tableName(zone: Zone): string {
  return `audit_${zone}`;
}

function tableOver(bucket: Bucket, zone: Zone): CfnTable.TableInputProperty {
  const location = `s3://${bucket.bucketName}/audit/`;
  return {
    name: tableName(zone),
    description: `Switchyard: decisions and hops of the jobs of the ${zone} zone`,
    tableType: "EXTERNAL_TABLE",
    parameters: {
      EXTERNAL: "TRUE",
      classification: "json",
      "projection.enabled": "true",
      "projection.date.type": "date",
      "projection.date.format": "yyyy-MM-dd",
      // Before the first record that there can be.
      "projection.date.range": "2026-01-01,NOW",
      "projection.date.interval": "1",
      "projection.date.interval.unit": "DAYS",
      "storage.location.template": `${location}date=\${date}/`,
    },
    partitionKeys: [{ name: "date", type: "string", comment: "day of the record, UTC" }],
    storageDescriptor: {
      location,
      columns: auditColumns.map(({ field, type, comment }) => ({
        name: field.toLowerCase(),
        type: type.toLowerCase(),
        comment,
      })),
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serdeInfo: {
        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        parameters: { "case.insensitive": "true" },
      },
    },
  };
}
