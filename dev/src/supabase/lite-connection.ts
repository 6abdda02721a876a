/**
 * The stand-in's connection to PostgreSQL, adjusted to behave like a hosted project. Everything that
 * depends on internals of @supabase/lite is in this file; its version is pinned for that reason.
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
 * At its first request, the stand-in grants every privilege on every table to every role, which
 * undoes the revocations of migrations. It skips this if its state says that it is already done.
 */
function keepPrivileges(connection: PostgresConnection): void {
  if (!Reflect.has(connection, "rlsState")) {
    throw new Error(
      "@supabase/lite no longer has `rlsState`. Find out how to keep this version from granting " +
        "every privilege, or return to the pinned version.",
    );
  }
  Reflect.set(connection, "rlsState", "active");
}

/** A hosted project formats values as PostgreSQL's `to_json` does. */
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

/** Arguments of functions arrive as JSON text. */
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
