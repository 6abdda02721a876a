/** Supabase as users reach it past the API: with the public key and, if they have one, a token. */
import { inject } from "vitest";
import type { Answer } from "./call-api.ts";

export interface RestCall {
  /** Absent: as nobody, with the project's public key alone. */
  readonly token?: string;
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `path` follows `/rest/v1/`. */
export async function callRest(path: string, call: RestCall = {}): Promise<Answer> {
  const { supabaseUrl, publishableKey } = inject("stack");
  const { token, json, headers, method = json === undefined ? "GET" : "POST" } = call;
  const response = await fetch(`${supabaseUrl}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: publishableKey,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      "content-type": "application/json",
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
