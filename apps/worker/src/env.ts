/** The environment variables of the worker, with the reason for each number. */
import { logEnv, redisEnv, supabaseEnv } from "@cmo/shared/runtime";
import { z } from "zod";

const milliseconds = (value: number) => z.coerce.number().int().positive().default(value);
/** Also before a query, and with a slash at the end. */
const CHAT_PATH = /\/chat\/completions\/*([?#]|$)/i;
const names = z.string().transform((list) => list.split(",").flatMap((name) => name.trim() || []));

const LOVABLE_URL = "https://ai.gateway.lovable.dev/v1";

const variables = z.object({
  ...logEnv,
  ...supabaseEnv,
  SUPABASE_SECRET_KEY: z.string().min(1),
  ...redisEnv,

  AI_GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !CHAT_PATH.test(url), {
      message: "must end before /chat/completions, which is added to it: remove that part",
    })
    .default(LOVABLE_URL)
    .transform((url) => url.replace(/\/+$/, "")),
  LOVABLE_API_KEY: z.string().optional(),
  /** The name for other gateways. It wins, because Lovable's may be set for other programs. */
  AI_GATEWAY_API_KEY: z.string().optional(),
  /** A JSON object of additional headers, for gateways that want more than a key. */
  AI_GATEWAY_HEADERS: z.string().transform(parseHeaders).default({}),
  AI_MODEL: z.string().default("google/gemini-2.5-flash"),
  /** Tried in order when the gateway no longer serves the model, because models are retired. */
  AI_MODEL_FALLBACKS: names.default([]),
  /** A JSON object whose members are added to the body of each request. */
  AI_GATEWAY_EXTRA_BODY: z
    .string()
    .transform((text, context) => parseObject(text, context))
    .default({}),
  /** A reasoning model may take most of a minute before its first word. */
  GATEWAY_FIRST_BYTE_MS: milliseconds(60_000),
  /** A stream that has been silent for this long counts as broken. */
  GATEWAY_IDLE_MS: milliseconds(30_000),

  /**
   * High, because runs wait for the gateway and not for the processor. At most 2000: what a lost
   * worker held, the sweep releases in four seconds.
   */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(2000).default(100),
  /** Ids of the tenants whose runs this worker claims: all if it is not set. */
  WORKER_TENANTS: z
    .string()
    .transform((list) => list.split(",").map((id) => id.trim()))
    .pipe(z.array(z.guid()))
    .nullable()
    .default(null),
  /** A quarter of the lease, so that three lost heartbeats in a row have no effect. */
  WORKER_HEARTBEAT_MS: milliseconds(1000),
  /** Most runs end within this time. The others are released for another worker. */
  WORKER_DRAIN_MS: milliseconds(25_000),
  /** When set, the worker serves /livez and /readyz on this port. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
});

/** Only a gateway that was chosen may need no key: without a choice it is Lovable's, which needs one. */
export const workerEnvSchema = variables.refine(hasKeyOrOwnGateway, {
  path: ["LOVABLE_API_KEY"],
  message: "is required",
  // All problems are reported at once, so this one does not wait until the others are solved.
  when: () => true,
});

export type WorkerEnv = Readonly<z.infer<typeof workerEnvSchema>>;

function hasKeyOrOwnGateway(env: Readonly<Record<string, unknown>>): boolean {
  const isLovable = String(env["AI_GATEWAY_URL"] ?? LOVABLE_URL).startsWith(LOVABLE_URL);
  return !isLovable || Boolean(env["AI_GATEWAY_API_KEY"] ?? env["LOVABLE_API_KEY"]);
}

/** Names and values as HTTP allows them, so that no request can fail because of them. */
const headers = z.record(
  z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/),
  z.string().regex(/^[\x20-\x7e]*$/),
);

/** The message names no value, because the values are secrets. */
function parseHeaders(text: string, context: z.RefinementCtx): Record<string, string> {
  try {
    return headers.parse(JSON.parse(text));
  } catch {
    const message = "must be a JSON object of header names and values, all of them texts";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
}

function parseObject(text: string, context: z.RefinementCtx): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: "custom", message: "must be a JSON object" });
    return z.NEVER;
  }
}
