declare module "dynalite" {
  import type { Server } from "node:http";

  /** An HTTP server that speaks DynamoDB; in memory, or kept in a LevelDB directory at `path`. */
  export default function dynalite(options: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}

declare module "dynalite/db/index.js" {
  const db: {
    /** Size of an item in DynamoDB's JSON, in bytes, as DynamoDB bills it. */
    itemSize(item: unknown): number;
  };
  export default db;
}
