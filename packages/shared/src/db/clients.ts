/**
 * Creates clients of Supabase. Users and the worker have separate functions, so that a session
 * never reaches the client that bypasses row-level security.
 */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./types.gen.ts";

/**
 * The types of the ledger, the workspaces and their members. The tables and views of the domain are
 * left out, so that `from("cmo_…")` does not compile. `WorkspaceDb` reads those.
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

/** A request without an answer in this time counts as an outage. */
const REQUEST_TIMEOUT_MS = 10_000;

const WITHOUT_SESSION = {
  persistSession: false,
  autoRefreshToken: false,
  detectSessionInUrl: false,
};

/** Acts as the user under row-level security. The requests of one token share it. */
export function createUserClient(options: {
  readonly url: string;
  readonly publishableKey: string;
  readonly accessToken: string;
}): UserClient {
  return createClient<LedgerDatabase>(options.url, options.publishableKey, {
    accessToken: async () => options.accessToken,
    // The caller retries, and must learn of an outage at once instead of after three more timeouts.
    db: { retry: false },
    global: { fetch: fetchWithTimeout },
  });
}

/** Acts as the worker. Only worker processes hold this key. */
export function createServiceClient(options: {
  readonly url: string;
  readonly secretKey: string;
}): ServiceClient {
  return createClient<LedgerDatabase>(options.url, options.secretKey, {
    auth: WITHOUT_SESSION,
    global: { fetch: fetchWithTimeout },
  });
}

/** Checks tokens with Supabase Auth. It has no session of its own. */
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
