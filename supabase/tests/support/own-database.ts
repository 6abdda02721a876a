/**
 * A database of a test's own: for tests that sweep in earnest, and would take the runs of others,
 * and for those that compare databases.
 */
import { Client } from "pg";
import { inject } from "vitest";
import { migrate } from "../../../dev/src/database/migrate.ts";
import { applySchemas, createScratchDatabase } from "../../../dev/src/database/scratch-database.ts";

const at = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname;

const BUILD = {
  migrations: (url: string) => migrate(url, at("migrations")),
  schemas: (url: string) => applySchemas(url, at("schemas")),
};

export interface OwnDatabase {
  readonly url: string;
  connect(): Promise<Client>;
  /** Ends every connection to it, and drops it. */
  close(): Promise<void>;
}

export async function createOwnDatabase(
  source: keyof typeof BUILD = "migrations",
): Promise<OwnDatabase> {
  const scratch = await createScratchDatabase(inject("stack").databaseUrl);
  const clients: Client[] = [];
  await BUILD[source](scratch.url);
  return {
    url: scratch.url,
    async connect() {
      const client = new Client({ connectionString: scratch.url });
      await client.connect();
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await scratch.close();
    },
  };
}
