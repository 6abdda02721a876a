/** `npm run eval`: how the six agents fare, on five workspaces, against the configured gateway. */
import { parseArgs } from "node:util";
import { DEMO_LOGIN } from "../commands/demo-login.ts";
import { withStack } from "../stack/with-stack.ts";
import { runEval } from "./run-eval.ts";

const HELP = `Runs all six agents on five workspaces of different trades and prints how their answers fared.

  npm run eval -- [--noisy[=0.35]] [--seed 1] [--verbose]

  --noisy    the demo gateway damages this share of its answers, as models damage them
  --seed     which answers those are, and how
  --verbose  show what every process says

The gateway is the demo gateway, which is a script and no model; with LOVABLE_API_KEY (and
AI_GATEWAY_URL) in the environment a real one is used, and paid for. The columns: answers read as they
stood, after jsonrepair, after the repair turn; runs that failed; completed outputs that their agent's
schema reads again; findings by kind that code put right, and that any answer left open.

Exits with 1 when an output is not valid, or when fewer complete than should: all, with --noisy 95 %.
`;

const NOISE = 0.35;
const MUST_COMPLETE = { plain: 1, noisy: 0.95 };

interface Asked {
  readonly noise: number;
  readonly seed: string;
  readonly verbose: boolean;
}

/** Null when help was asked for. Throws for what is not understood. */
function parseCommand(args: readonly string[]): Asked | null {
  const spelled = args.map((arg) => (arg === "--noisy" ? `--noisy=${NOISE}` : arg));
  const { values } = parseArgs({
    args: spelled,
    options: {
      help: { type: "boolean", short: "h" },
      noisy: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      verbose: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const noise = Number(values.noisy);
  if (!(noise >= 0 && noise <= 1)) throw new Error("--noisy takes a share from 0 to 1.");
  const { AI_GATEWAY_URL, AI_GATEWAY_API_KEY, LOVABLE_API_KEY } = process.env;
  if (noise > 0 && (AI_GATEWAY_URL || AI_GATEWAY_API_KEY || LOVABLE_API_KEY)) {
    throw new Error(
      "--noisy is the demo gateway's: unset AI_GATEWAY_URL and the key of a gateway.",
    );
  }
  return { noise, seed: values.seed, verbose: values.verbose };
}

function evaluate({ noise, seed, verbose }: Asked): Promise<number> {
  return withStack({
    verbose,
    options: {
      ports: "free",
      environment: process.env,
      apps: { api: 1, workers: 1 },
      appEnvironment: {
        DEMO_PIECES_PER_SECOND: "0",
        DEMO_NOISE: String(noise),
        DEMO_NOISE_SEED: seed,
      },
      seed: true,
    },
    use: async ({ stack, interrupted }) => {
      const { supabaseUrl, publishableKey, databaseUrl } = stack;
      const [apiUrl = ""] = stack.apiUrls;
      if (databaseUrl === null) {
        console.error(
          "The evaluation adds workspaces to a database of its own: unset SUPABASE_URL.",
        );
        return 1;
      }
      const gateway = stack.isDemoGateway ? "the demo gateway, no model" : "a real gateway";
      console.log(`Evaluating against ${gateway}; noise ${noise}, seed ${seed}.`);
      const done = runEval({
        target: { supabaseUrl, publishableKey, apiUrl, ...DEMO_LOGIN },
        databaseUrl,
        mustComplete: noise > 0 ? MUST_COMPLETE.noisy : MUST_COMPLETE.plain,
        say: (line) => console.log(line),
      });
      return Promise.race([done, interrupted.then(() => 1)]);
    },
  });
}

try {
  const asked = parseCommand(process.argv.slice(2));
  if (asked) process.exitCode = await evaluate(asked);
  else console.log(HELP);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
