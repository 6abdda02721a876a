/** Supabase as users reach it past the API: with the public key and, if they have one, a token. */
import { inject } from "vitest";
import { type Answer, type HttpCall, openHttp, readAnswer } from "./http.ts";

export interface RestAnswer extends Answer {
  /** As the ledger names it; Postgres's own code for what never reached the ledger. */
  readonly code: string;
  readonly body: unknown;
}

/** `path` follows `/rest/v1/`. */
export async function callRest(path: string, call: HttpCall = {}): Promise<RestAnswer> {
  const { supabaseUrl, publishableKey } = inject("stack");
  const headers = { apikey: publishableKey, "content-type": "application/json", ...call.headers };
  const response = await openHttp(`${supabaseUrl}/rest/v1/${path}`, { ...call, headers });
  const answer = await readAnswer(response);
  const body: unknown = answer.text === "" ? null : JSON.parse(answer.text);
  return { ...answer, code: codeOf(body), body };
}

function codeOf(body: unknown): string {
  if (typeof body !== "object" || body === null || !("code" in body)) return "";
  const message = "message" in body ? String(body.message) : "";
  return String(body.code).startsWith("PT") ? message : String(body.code);
}
