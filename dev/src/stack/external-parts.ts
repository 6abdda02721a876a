/**
 * Finds the services that the caller's environment names: a Supabase project, a Redis, a gateway.
 * They are used, not started. Incomplete settings are an error.
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
  /** Without a URL, the worker's default is used. The key is empty if the gateway needs none. */
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
      "SUPABASE_URL is set without its keys. Set SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY too, " +
        "or unset SUPABASE_URL to start a local project.",
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
