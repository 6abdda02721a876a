/**
 * The stand-in's connection to PostgreSQL, adjusted to behave like a hosted project. Everything that
 * depends on internals of @supabase/lite is in this file; its version is pinned for that reason.
 */
import { createPostgresConnection, type PostgresConnection } from "@supabase/lite/postgres";
import { CompiledQuery } from "kysely";
import { z } from "zod";
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
  setAtOnce(connection);
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

interface Executor {
  executeQuery(query: CompiledQuery): Promise<unknown>;
}

const RequestContext = z.object({
  auth: z
    .object({ role: z.string().nullish(), uid: z.unknown(), jwt: z.unknown() })
    .partial()
    .nullish(),
  storage: z.object({ operation: z.string().nullish() }).partial().nullish(),
});
const RpcRequest = z.object({
  method: z.string(),
  path: z.string(),
  requestHeaders: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * PostgREST tells a transaction whose request it is in one statement. The stand-in sends a statement for
 * each of up to twelve settings, and waits for each: most of the time that a request took.
 */
function setAtOnce(connection: PostgresConnection): void {
  replaceMethod(connection, "applyJwtSessionContext", (executor: Executor, given: unknown) => {
    const { auth, storage } = RequestContext.parse(given);
    const role = auth?.role || "anon";
    return setLocally(executor, {
      role,
      "request.jwt.claim.sub": String(auth?.uid ?? ""),
      "request.jwt.claim.role": role,
      "storage.operation": storage?.operation ?? "",
      ...(auth?.jwt && typeof auth.jwt === "object"
        ? { "request.jwt.claims": JSON.stringify(auth.jwt) }
        : {}),
    });
  });
  replaceMethod(connection, "applyRpcRequestGucs", (executor: Executor, given: unknown) => {
    const { method, path, requestHeaders } = RpcRequest.parse(given);
    return setLocally(executor, {
      "response.status": "",
      "response.headers": "",
      "request.method": method,
      "request.path": path,
      "request.headers": JSON.stringify(requestHeaders ?? {}),
    });
  });
}

function replaceMethod(
  connection: PostgresConnection,
  name: string,
  method: (executor: Executor, given: unknown) => Promise<void>,
): void {
  if (typeof Reflect.get(connection, name) !== "function") {
    throw new Error(`@supabase/lite no longer has \`${name}\`. Return to the pinned version.`);
  }
  Reflect.set(connection, name, method);
}

async function setLocally(
  executor: Executor,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const calls = Object.keys(settings).map(
    (name, index) => `set_config('${name}', $${index + 1}, true)`,
  );
  await executor.executeQuery(
    CompiledQuery.raw(`select ${calls.join(", ")}`, Object.values(settings)),
  );
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
