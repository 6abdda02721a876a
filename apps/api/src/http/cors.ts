/**
 * CORS. The function routes allow every origin, like the functions that they replace. The native
 * routes allow the configured origins. Credentials are never allowed: tokens are sent explicitly,
 * so another site cannot use the session of a user.
 */
import cors, { type FastifyCorsOptions } from "@fastify/cors";
import type { FastifyReply, FastifyRequest } from "fastify";
import { PREFLIGHT_MAX_AGE_SECONDS } from "../policy.ts";
import type { App } from "./app-instance.ts";

const ALLOWED_HEADERS = [
  "authorization",
  "x-client-info",
  "apikey",
  "content-type",
  // Added by newer versions of the Supabase client.
  "x-retry-count",
  "x-region",
  "x-supabase-client-platform",
  "x-supabase-client-platform-version",
  "x-supabase-client-runtime",
  "x-supabase-client-runtime-version",
  "traceparent",
  "tracestate",
  "baggage",
  "sentry-trace",
  // Added by OpenAI's client.
  "x-stainless-arch",
  "x-stainless-async",
  "x-stainless-custom-poll-interval",
  "x-stainless-helper-method",
  "x-stainless-lang",
  "x-stainless-os",
  "x-stainless-package-version",
  "x-stainless-poll-helper",
  "x-stainless-retry-count",
  "x-stainless-runtime",
  "x-stainless-runtime-version",
  "x-stainless-timeout",
  // Headers of this API.
  "idempotency-key",
  "prefer",
  "last-event-id",
  "x-workspace-id",
  "x-request-id",
  "if-none-match",
  "cache-control",
];

const METHODS = ["GET", "POST", "OPTIONS"];
/** Functions of the project behind this API may take any. */
const FUNCTION_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const EXPOSED_HEADERS = [
  "Location",
  "Retry-After",
  "RateLimit",
  "RateLimit-Policy",
  "ETag",
  "X-Run-Id",
  "X-Request-Id",
  "Preference-Applied",
  "Idempotency-Replayed",
  "X-CMO-Mode",
  "X-CMO-Duration",
  "X-CMO-Ignored",
];

export function registerCors(app: App, origins: readonly string[]): void {
  const shared: FastifyCorsOptions = {
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    // Probes and proxies send OPTIONS without an origin, which is not an error.
    strictPreflight: false,
  };
  app.register(cors, {
    delegator: (request, callback) => {
      callback(null, {
        ...shared,
        methods: isFunction(request.url) ? FUNCTION_METHODS : METHODS,
        origin: allowedOrigins(request.url, origins),
      });
    },
  });
}

/** For responses that are sent before the hooks run. */
export function allowOrigin(
  { url, headers: { origin } }: FastifyRequest,
  reply: FastifyReply,
  origins: readonly string[],
): void {
  const allowed = allowedOrigins(url, origins);
  reply.header("vary", "Origin");
  if (allowed === "*") reply.header("access-control-allow-origin", "*");
  else if (origin !== undefined && allowed.includes(origin)) {
    reply.header("access-control-allow-origin", origin);
  }
}

function isFunction(url: string): boolean {
  return url.startsWith("/functions/v1/");
}

function allowedOrigins(url: string, origins: readonly string[]): "*" | string[] {
  // guards G15: origins
  return isFunction(url) || origins.includes("*") ? "*" : [...origins];
}
