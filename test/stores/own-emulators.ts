import { once } from "node:events";
import dynalite from "dynalite";
import { buildApp } from "fauxqs";

export type OwnEmulators = { endpoint: string; dynamodbEndpoint: string; stop(): Promise<void> };

/** Starts fauxqs and dynalite on loopback, as they come: what another program would reach. */
export async function startOwnEmulators(region: string): Promise<OwnEmulators> {
  const app = buildApp({ logger: false, defaultRegion: region });
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("dynalite listens on no port.");
  return {
    endpoint,
    dynamodbEndpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await app.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
