/**
 * Connections to Supabase. A user's and the worker's are made by different functions, so that a
 * session can never end up on the client that bypasses row-level security.
 */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./types.gen.ts";

/**
 * What clients know of the database: the ledger and who works where. Of the domain's tables and
 * views they know nothing, so that `from("cmo_…")` does not compile: the way there is `WorkspaceDb`.
 */
export type LedgerDatabase = Omit<Database, "public"> & {
  public: Omit<Database["public"], "Tables" | "Views"> & {
    Tables: WithoutDomain<Database["public"]["Tables"]>;
    Views: WithoutDomain<Database["public"]["Views"]>;
  };
};

type WithoutDomain<Relations> = {
  [Name in keyof Relations as Name extends `${string}cmo_${string}`
    ? never
    : Name]: Relations[Name];
};

export type UserClient = SupabaseClient<LedgerDatabase>;
export type ServiceClient = SupabaseClient<LedgerDatabase>;
export type AuthClient = SupabaseClient<LedgerDatabase>;

/** A request that gets no answer in this time counts as an outage. */
const REQUEST_TIMEOUT_MS = 10_000;

const WITHOUT_SESSION = {
  persistSession: false,
  autoRefreshToken: false,
  detectSessionInUrl: false,
};

/** Acts as the user under row-level security; one for each request. */
export function createUserClient(options: {
  readonly url: string;
  readonly publishableKey: string;
  readonly accessToken: string;
}): UserClient {
  return createClient<LedgerDatabase>(options.url, options.publishableKey, {
    accessToken: async () => options.accessToken,
    // Who asks again is the caller, who was told so at once and not after three more timeouts.
    db: { retry: false },
    global: { fetch: fetchWithTimeout },
  });
}

/** Acts as the worker. Only the worker process holds this key. */
export function createServiceClient(options: {
  readonly url: string;
  readonly secretKey: string;
}): ServiceClient {
  return createClient<LedgerDatabase>(options.url, options.secretKey, {
    auth: WITHOUT_SESSION,
    global: { fetch: fetchWithTimeout },
  });
}

/** Asks Supabase Auth about tokens; holds no session of its own. */
export function createAuthClient(options: {
  readonly url: string;
  readonly publishableKey: string;
}): AuthClient {
  return createClient<LedgerDatabase>(options.url, options.publishableKey, {
    auth: WITHOUT_SESSION,
    global: { fetch: fetchWithTimeout },
  });
}

const fetchWithTimeout: typeof fetch = (input, init) => {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  return fetch(input, { ...init, signal });
};
