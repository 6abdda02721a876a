/**
 * The parts that the caller's environment brings along. What is there is used and not started: a
 * Supabase project, a Redis, a gateway. Half of one is a mistake, and is said at once.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

interface ExternalSupabase {
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Null for a project that signs with its own key pair. */
  readonly jwtSecret: string | null;
}

export interface ExternalParts {
  readonly supabase: ExternalSupabase | null;
  readonly redisUrl: string | null;
  /** Without a URL, the worker's own default. */
  readonly gateway: { readonly url: string | null; readonly key: string } | null;
}

export function findExternalParts(environment: Environment): ExternalParts {
  const { REDIS_URL } = environment;
  return {
    supabase: findSupabase(environment),
    redisUrl: REDIS_URL || null,
    gateway: findGateway(environment),
  };
}

function findSupabase(environment: Environment): ExternalSupabase | null {
  const { SUPABASE_URL: url, SUPABASE_JWT_SECRET: jwtSecret } = environment;
  if (!url) return null;
  const { SUPABASE_PUBLISHABLE_KEY: publishableKey, SUPABASE_SECRET_KEY: secretKey } = environment;
  if (!publishableKey || !secretKey) {
    throw new Error(
      "SUPABASE_URL is set, so that project is used: set SUPABASE_PUBLISHABLE_KEY and " +
        "SUPABASE_SECRET_KEY too, or unset SUPABASE_URL to have a local one started.",
    );
  }
  return { url, publishableKey, secretKey, jwtSecret: jwtSecret || null };
}

function findGateway(environment: Environment): ExternalParts["gateway"] {
  const { AI_GATEWAY_URL: url, LOVABLE_API_KEY: key } = environment;
  if (key) return { url: url || null, key };
  if (!url) return null;
  throw new Error(
    "AI_GATEWAY_URL is set, so that gateway is used: set LOVABLE_API_KEY too (any text, if it " +
      "needs no key), or unset AI_GATEWAY_URL to have the demo gateway started.",
  );
}
