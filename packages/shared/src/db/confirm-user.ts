/** Confirms with Supabase that the session of a token is valid. An outage never confirms it. */
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

/** True when the API of Supabase answers. A refusal counts as an answer. */
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
    // A refused, timed out or unresolved connection means that the API is unavailable.
    return false;
  }
}
