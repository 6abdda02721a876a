/** `npm start` and `npm run dev`: everything, until Ctrl-C; what it holds is there again next time. */
import { relative } from "node:path";
import { LOCAL_FOLDER } from "../repository.ts";
import { withStack } from "../stack/with-stack.ts";
import { formatWelcome } from "./welcome.ts";

/** Two, so that a worker can be ended and its runs be seen to go on. */
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
