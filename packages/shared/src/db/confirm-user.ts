/** Confirms with Supabase that the session of a token is valid. An outage never confirms it. */
import type { AuthError } from "@supabase/supabase-js";
import { toBoundedText } from "../contract/index.ts";
import type { AuthClient } from "./clients.ts";

export type Confirmation =
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "refused" }
  /** `reason` is for the log. */
  | { readonly kind: "unavailable"; readonly reason?: string };

/** Characters of an answer that is quoted. A proxy may answer with a whole page. */
const MESSAGE_MAX = 300;

export async function confirmUser(client: AuthClient, token: string): Promise<Confirmation> {
  const { data, error } = await client.auth.getUser(token);
  if (data.user) return { kind: "user", id: data.user.id };
  if (error && concernsSession(error)) return { kind: "refused" };
  const message = toBoundedText(error?.message ?? "no user", MESSAGE_MAX);
  return { kind: "unavailable", reason: `Auth answered ${error?.status ?? "nothing"}: ${message}` };
}

/** What Auth said before its errors had codes. */
const OF_OLDER_VERSIONS = /^(invalid (jwt|token|claim)|user not found|session )/i;

/**
 * Auth names a code when it refuses a token, its session or its user. The API gateway in front of it
 * names none when it refuses the project's key: `{"message":"Invalid API key"}` with 401. No user can
 * change that, so it counts as an outage.
 */
function concernsSession({ name, status, code, message }: AuthError): boolean {
  if (name === "AuthSessionMissingError") return true;
  const isRefusal = status !== undefined && status >= 400 && status < 500 && status !== 429;
  return isRefusal && (code !== undefined || OF_OLDER_VERSIONS.test(message));
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
