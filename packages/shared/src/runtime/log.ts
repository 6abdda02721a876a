/**
 * Writes logs as JSON lines to standard output, without secrets. Errors are serialized by an
 * allow-list (name, code, message, stack), and fields that are known to hold secrets are redacted.
 */
import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

const SECRET_FIELDS = [
  "authorization",
  "apikey",
  "token",
  "password",
  "SUPABASE_SECRET_KEY",
  "SUPABASE_JWT_SECRET",
  "LOVABLE_API_KEY",
  "REDIS_URL",
  "REDIS_LOG_URL",
];

export interface LogOptions {
  readonly level: string;
  readonly app: string;
  readonly destination?: DestinationStream;
}

export function createLog({ level, app, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // guards G21: secret fields
    redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
    serializers: { error: serializeError, err: serializeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Keeps the causes, and of each error only the fields that cannot hold a header or a body. */
function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  return {
    // guards G21: errors
    name: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: error.stack,
    ...(error.cause && depth < 4 ? { cause: serializeError(error.cause, depth + 1) } : {}),
  };
}
