/**
 * A database of its own in a running cluster, in the state of a new Supabase project: with the users
 * and the function of auth that policies need, with Realtime's publication, and with default privileges that grant
 * everything.
 */
import { randomUUID } from "node:crypto";
import { Client, escapeIdentifier } from "pg";
import { readSchemas } from "./schema-files.ts";

/** Roles belong to the cluster and are there already. */
const EMPTY_PROJECT = `
  create schema auth;
  create function auth.uid() returns uuid language sql stable
    as $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
  create table auth.users (id uuid primary key, email text, email_confirmed_at timestamptz);
  grant usage on schema auth, public to anon, authenticated, service_role;
  alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
  alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  create publication supabase_realtime;`;

export interface ScratchDatabase {
  readonly url: string;
  /** Drops it, with every connection to it. */
  close(): Promise<void>;
}

export async function createScratchDatabase(clusterUrl: string): Promise<ScratchDatabase> {
  const name = `scratch_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  await execute(clusterUrl, [`create database ${escapeIdentifier(name)}`]);
  await execute(url.href, [EMPTY_PROJECT]);
  return {
    url: url.href,
    close: () => execute(clusterUrl, [`drop database ${escapeIdentifier(name)} with (force)`]),
  };
}

/** Each file is one transaction, as a migration is. */
export function applySchemas(databaseUrl: string, folder: string): Promise<void> {
  return execute(
    databaseUrl,
    readSchemas(folder).map(({ sql }) => sql),
  );
}

export async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
