/** The environment variables of the worker, with the reason for each number. */
import { logEnv, redisEnv, supabaseEnv } from "@cmo/shared/runtime";
import { z } from "zod";

const milliseconds = (value: number) => z.coerce.number().int().positive().default(value);
const names = z.string().transform((list) => list.split(",").flatMap((name) => name.trim() || []));

export const workerEnvSchema = z.object({
  ...logEnv,
  ...supabaseEnv,
  SUPABASE_SECRET_KEY: z.string().min(1),
  ...redisEnv,

  AI_GATEWAY_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://ai.gateway.lovable.dev/v1")
    .transform((url) => url.replace(/\/+$/, "")),
  LOVABLE_API_KEY: z.string().min(1),
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

  /** High, because runs wait for the gateway and not for the processor. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(20),
  /** A quarter of the lease, so that three lost heartbeats in a row have no effect. */
  WORKER_HEARTBEAT_MS: milliseconds(1000),
  /** Most runs end within this time. The others are released for another worker. */
  WORKER_DRAIN_MS: milliseconds(25_000),
  /** When set, the worker serves /livez and /readyz on this port. */
  WORKER_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
});

export type WorkerEnv = Readonly<z.infer<typeof workerEnvSchema>>;

function parseObject(text: string, context: z.RefinementCtx): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: "custom", message: "must be a JSON object" });
    return z.NEVER;
  }
}
