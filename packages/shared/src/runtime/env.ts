/** Parses the environment. All problems are reported at once, by name and without values. */
import { z } from "zod";

/** Fragments of schemas: each app includes only the variables that it reads. */
export const logEnv = {
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
};

export const httpEnv = {
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535),
};

export const redisEnv = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** The Redis that holds the runs' logs. The default is the Redis of the queue. */
  REDIS_LOG_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Lets several deployments or tests share one Redis. */
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w{}-]+$/)
    .default("bull"),
};

export const supabaseEnv = {
  SUPABASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
};

/** Lists every problem of an environment. A process does not start after it. */
export class EnvError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `The environment is incomplete:\n${problems.map((problem) => `  ${problem}`).join("\n")}\n` +
        "See .env.example for what each variable means.",
    );
    this.name = "EnvError";
  }
}

/** Throws an `EnvError` that names every bad variable and shows no value. */
export function parseEnv<Schema extends z.ZodObject>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<Schema>> {
  // `PORT=` in a .env file means "unset", so that defaults apply.
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (result.success) return Object.freeze(result.data);
  throw new EnvError(result.error.issues.map((issue) => describe(issue, present)));
}

function describe(issue: z.core.$ZodIssue, present: Record<string, unknown>): string {
  const name = issue.path.join(".");
  return name in present ? `${name}: ${issue.message}` : `${name}: is required`;
}
