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
  /** Without a URL, the worker's own default. The key is empty where none is needed. */
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

/** A gateway that needs no key, or a header instead, is named by its address alone. */
function findGateway(environment: Environment): ExternalParts["gateway"] {
  const { AI_GATEWAY_URL: url, AI_GATEWAY_API_KEY, LOVABLE_API_KEY } = environment;
  const key = AI_GATEWAY_API_KEY || LOVABLE_API_KEY || "";
  return key || url ? { url: url || null, key } : null;
}
