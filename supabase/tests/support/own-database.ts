/**
 * A migrated database of a test's own: for tests that sweep in earnest, and would take the runs
 * of others.
 */
import { randomUUID } from "node:crypto";
import { Client, escapeIdentifier } from "pg";
import { inject } from "vitest";
import { migrate } from "../../../dev/src/database/migrate.ts";

const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;

/** The one thing of a project that the migrations call; roles are the cluster's. */
const AUTH = `
  create schema auth;
  create function auth.uid() returns uuid language sql stable
    as $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
  grant usage on schema auth to anon, authenticated, service_role;`;

export interface OwnDatabase {
  connect(): Promise<Client>;
  /** Ends every connection to it, and drops it. */
  close(): Promise<void>;
}

export async function createOwnDatabase(): Promise<OwnDatabase> {
  const { databaseUrl } = inject("stack");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const clients: Client[] = [];

  const connectTo = async (connectionString: string) => {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  };
  const administer = async (sql: string) => {
    const client = await connectTo(databaseUrl);
    await client.query(sql).finally(() => client.end());
  };
  const connect = async () => {
    const client = await connectTo(url.href);
    clients.push(client);
    return client;
  };

  await administer(`create database ${escapeIdentifier(name)}`);
  await (await connect()).query(AUTH);
  await migrate(url.href, MIGRATIONS);
  return {
    connect,
    async close() {
      await Promise.all(clients.map((client) => client.end()));
      await administer(`drop database ${escapeIdentifier(name)} with (force)`);
    },
  };
}
