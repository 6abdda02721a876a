/** The two services that the app talks to. Both act as the signed-in user. */
import { createCmo } from "@cmo/client";
import { createClient } from "@supabase/supabase-js";
import { QueryClient } from "@tanstack/react-query";

const {
  VITE_API_URL = "http://127.0.0.1:8787",
  VITE_SUPABASE_URL = "http://127.0.0.1:54321",
  VITE_SUPABASE_KEY,
} = import.meta.env;

export const supabase = createClient(VITE_SUPABASE_URL, VITE_SUPABASE_KEY);

export const cmo = createCmo({
  url: VITE_API_URL,
  getToken: async () => (await supabase.auth.getSession()).data.session?.access_token,
});

export const queries = new QueryClient();
