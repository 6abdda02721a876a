/** `npm start` and `npm run dev`: run everything until Ctrl-C. The data is kept for the next start. */
import { relative } from "node:path";
import { LOCAL_FOLDER } from "../repository.ts";
import { withStack } from "../stack/with-stack.ts";
import { formatWelcome } from "./welcome.ts";

/** Two, so that you can kill one and watch the other take over its runs. */
const WORKERS = 2;

export function start(flags: {
  readonly watch: boolean;
  readonly verbose: boolean;
}): Promise<number> {
  return withStack({
    verbose: flags.verbose,
    options: {
      dataDir: LOCAL_FOLDER,
      ports: "preferred",
      environment: process.env,
      apps: { api: 1, workers: WORKERS, watch: flags.watch },
      seed: true,
    },
    use: async ({ stack, startedInMs, interrupted }) => {
      const logsFolder = relative(process.cwd(), stack.logsDir) || ".";
      console.log(formatWelcome({ parts: stack, logsFolder, startedInMs }));
      await interrupted;
      return 0;
    },
  });
}
