/** The seeded user, signed in as a browser would be: with supabase-js and a password. */
import { DEMO_LOGIN } from "@cmo/dev/demo-login";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { inject } from "vitest";
import { type HttpCall, openHttp } from "./http.ts";

export const DEMO_WORKSPACE = "b0000000-0000-4000-8000-000000000001";

export interface DemoUser {
  /** What a browser holds: its functions are reached through the Supabase address. */
  readonly supabase: SupabaseClient;
  readonly token: string;
  readonly userId: string;
  /** Calls the API at its own address, as the user. */
  readonly api: (path: string, call?: HttpCall) => Promise<Response>;
}

export async function signInDemoUser(): Promise<DemoUser> {
  const { supabaseUrl, publishableKey, apiUrls } = inject("stack");
  const supabase = createClient(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { data, error } = await supabase.auth.signInWithPassword(DEMO_LOGIN);
  if (error) throw error;
  const token = data.session.access_token;
  const api = (path: string, call: HttpCall = {}) =>
    openHttp(`${apiUrls[0]}${path}`, { token, ...call });
  return { supabase, token, userId: data.user.id, api };
}
