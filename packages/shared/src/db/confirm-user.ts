/** Asks Supabase whether a token's session still stands. An outage is never taken for a yes. */
import type { AuthClient } from "./clients.ts";

export type Confirmation =
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" };

export async function confirmUser(client: AuthClient, token: string): Promise<Confirmation> {
  const { data, error } = await client.auth.getUser(token);
  if (data.user) return { kind: "user", id: data.user.id };
  const status = error?.status ?? 0;
  return status >= 400 && status < 500 && status !== 429
    ? { kind: "refused" }
    : { kind: "unavailable" };
}

/** True when Supabase's API answers at all; what it answers to a request without rights is fine. */
export async function pingDatabase(options: {
  readonly url: string;
  readonly publishableKey: string;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  try {
    const response = await fetch(`${options.url}/rest/v1/`, {
      headers: { apikey: options.publishableKey },
      signal: options.signal,
    });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    // Refused, timed out or unresolved: all of them mean away.
    return false;
  }
}
