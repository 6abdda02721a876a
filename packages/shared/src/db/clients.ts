/**
 * Creates clients of Supabase. Users and the worker have separate functions, so that a session
 * never reaches the client that bypasses row-level security.
 */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Slots } from "../runtime/index.ts";
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
/** A request that has not been sent after this time is refused, so that its caller learns of it. */
const TURN_TIMEOUT_MS = 5000;

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
  /** Requests that may be under way at a time, with those of other clients that share them, in turn. */
  readonly slots?: Slots;
}): UserClient {
  return createClient<LedgerDatabase>(options.url, options.publishableKey, {
    accessToken: async () => options.accessToken,
    // The caller retries, and must learn of an outage at once instead of after three more timeouts.
    db: { retry: false },
    global: {
      fetch: options.slots ? fetchInTurn(options.slots, options.accessToken) : fetchWithTimeout,
    },
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

/**
 * Sends a request when a slot is free. A thousand requests at once would take longer than the time limit of
 * each: all of them would be given up, and their repeats again, while each alone takes milliseconds.
 */
function fetchInTurn(slots: Slots, name: string): typeof fetch {
  return async (input, init) => {
    const tooLate = AbortSignal.timeout(TURN_TIMEOUT_MS);
    const given = init?.signal ?? null;
    if (!(await slots.take(given ? AbortSignal.any([given, tooLate]) : tooLate, name))) {
      given?.throwIfAborted();
      throw new Error(
        `The request was not sent within ${TURN_TIMEOUT_MS} ms: too many are under way.`,
      );
    }
    try {
      return await fetchWithTimeout(input, init);
    } finally {
      slots.free();
    }
  };
}
