/** The worker's client, which row level security does not bind. */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { required } from "../programs/serve-parent.ts";

export function createServiceClient(): SupabaseClient {
  return createClient(required("SUPABASE_URL"), required("SUPABASE_SECRET_KEY"), {
    auth: { persistSession: false, autoRefreshToken: false },
  });
}
