/**
 * Writes logs as JSON lines to standard output, without secrets. Errors are serialized by an
 * allow-list (name, code, message, stack), and fields that are known to hold secrets are redacted.
 * Lines are bounded.
 */
import { type DestinationStream, type Logger, pino } from "pino";
import { boundLine } from "./bound-line.ts";
import { toErrorFields } from "./describe-error.ts";

export type { Logger };

const SECRET_FIELDS = [
  "authorization",
  "apikey",
  "token",
  "password",
  "SUPABASE_SECRET_KEY",
  "SUPABASE_JWT_SECRET",
  "LOVABLE_API_KEY",
  "AI_GATEWAY_API_KEY",
  "AI_GATEWAY_HEADERS",
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
    hooks: { streamWrite: boundLine },
  };
  return destination ? pino(options, destination) : pino(options);
}

function serializeError(error: unknown): unknown {
  return toErrorFields(error);
}
