/** Supabase as a browser reaches it past the API: with the public key and a user's token. */
import { inject } from "vitest";

export interface RestAnswer {
  readonly status: number;
  /** As the ledger names it; Postgres's own code for what never reached the ledger. */
  readonly code: string;
  readonly headers: Headers;
  readonly body: unknown;
}

interface RestRequest {
  readonly token: string;
  /** Sent as it is; a POST when present, unless `method` says otherwise. */
  readonly body?: string;
  readonly method?: "PATCH";
}

/** `path` follows `/rest/v1/`. */
export async function callRest(
  path: string,
  { token, body: sent, method }: RestRequest,
): Promise<RestAnswer> {
  const { supabaseUrl, publishableKey } = inject("stack");
  const response = await fetch(`${supabaseUrl}/rest/v1/${path}`, {
    method: method ?? (sent === undefined ? "GET" : "POST"),
    headers: {
      apikey: publishableKey,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const body: unknown = text === "" ? null : JSON.parse(text);
  return { status: response.status, code: codeOf(body), headers: response.headers, body };
}

function codeOf(body: unknown): string {
  if (typeof body !== "object" || body === null || !("code" in body)) return "";
  const message = "message" in body ? String(body.message) : "";
  return String(body.code).startsWith("PT") ? message : String(body.code);
}
