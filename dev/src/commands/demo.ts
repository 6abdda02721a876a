/** `npm run demo`: runs all six modes through a temporary stack. Exits with 1 if a run did not complete. */
import { runDemo } from "../demo.ts";
import { withStack } from "../stack/with-stack.ts";
import { DEMO_LOGIN } from "./demo-login.ts";

export function demo({ verbose }: { readonly verbose: boolean }): Promise<number> {
  return withStack({
    verbose,
    options: {
      ports: "free",
      environment: process.env,
      apps: { api: 1, workers: 1 },
      seed: true,
    },
    use: async ({ stack, startedInMs, interrupted }) => {
      const [apiUrl = ""] = stack.apiUrls;
      const { supabaseUrl, publishableKey } = stack;
      console.log(`The stack is ready. It took ${(startedInMs / 1_000).toFixed(1)} s to start.`);
      const target = { supabaseUrl, publishableKey, apiUrl, ...DEMO_LOGIN };
      const gaveUp = interrupted.then(() => 1);
      return Promise.race([runDemo(target, process.stdout), gaveUp]);
    },
  });
}
