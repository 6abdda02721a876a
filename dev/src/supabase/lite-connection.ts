/**
 * The stand-in's connection to PostgreSQL, made to behave as a hosted project's. Everything that
 * leans on the inside of @supabase/lite stands here, which is why its version is pinned.
 */
import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { toPostgrestError } from "./postgrest-error.ts";

const POOL_SIZE = 10;

const OID = { json: 114, jsonb: 3802, numeric: 1700, timestamp: 1114, timestamptz: 1184 };

export function createLiteConnection(databaseUrl: string): PostgresConnection {
  const connection = createPostgresConnection({
    url: databaseUrl,
    postgresOptions: { max: POOL_SIZE, onnotice: () => {}, types: TYPES },
  });
  connection.normalizeDbError = toPostgrestError;
  keepPrivileges(connection);
  return connection;
}

/**
 * At its first request the stand-in grants every privilege on every table to every role, which
 * undoes what migrations revoke. It does not do so while it believes that it already has.
 */
function keepPrivileges(connection: PostgresConnection): void {
  if (!Reflect.has(connection, "rlsState")) {
    throw new Error(
      "@supabase/lite no longer has `rlsState`: find out how this version is kept from granting " +
        "every privilege, or go back to the pinned version.",
    );
  }
  Reflect.set(connection, "rlsState", "active");
}

/** Hosted, a value arrives as PostgreSQL's own `to_json` writes it. */
const TYPES = {
  json: { to: OID.json, from: [OID.json], serialize: serializeJson, parse: JSON.parse },
  jsonb: { to: OID.jsonb, from: [OID.jsonb], serialize: serializeJson, parse: JSON.parse },
  numeric: { to: OID.numeric, from: [OID.numeric], serialize: String, parse: parseNumeric },
  timestamp: textType(OID.timestamp, (text) => text.replace(" ", "T")),
  timestamptz: textType(OID.timestamptz, toIsoTimestamp),
};

function textType(oid: number, parse: (text: string) => string) {
  return { to: oid, from: [oid], serialize: (value: unknown) => value, parse };
}

/** Arguments of functions arrive here as text that is JSON already. */
function serializeJson(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parseNumeric(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** `2026-11-23 03:29:25.184+00` → `2026-11-23T03:29:25.184+00:00`. */
function toIsoTimestamp(text: string): string {
  return text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
}
