import type { Session } from "@supabase/supabase-js";
import { useEffect, useState } from "react";
import { queries, supabase } from "./clients.ts";
import { Plan } from "./plan.tsx";
import { SignIn } from "./sign-in.tsx";

export function App() {
  const [session, setSession] = useState<Session | null>();
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((event, next) => {
      // The next user must not see the lists of this one.
      if (event === "SIGNED_OUT") queries.clear();
      setSession(next);
    });
    return () => data.subscription.unsubscribe();
  }, []);

  if (session === undefined) return null;
  return session === null ? <SignIn /> : <Plan />;
}
