/** `npm run eval`: evaluates the six agents on five workspaces against the configured gateway. */
import { parseArgs } from "node:util";
import {
  describeAnswers,
  judgeAnswers,
} from "../../../packages/agents/test/answers/print-answers.ts";
import { DEMO_LOGIN } from "../commands/demo-login.ts";
import { withStack } from "../stack/with-stack.ts";
import { describePromptTokens } from "./prompt-tokens.ts";
import { runEval } from "./run-eval.ts";

const HELP = `Runs all six agents on five workspaces of different trades and prints how their answers passed validation,
then the table of the corpus of answers, and the tokens of a run before and after.

  npm run eval -- [--noisy[=0.35]] [--seed 1] [--verbose]
  npm run eval -- --answers[=failures]

  --noisy    the demo gateway damages this share of its answers, as models do
  --seed     selects these answers and their damage
  --verbose  print the output of every process
  --answers  instead, play the corpus of packages/agents/test/answers without a stack, and print how
             it is judged by kind; =failures lists what is wrong, =<name> prints one answer

By default the demo gateway answers, which is a script and not a model. With LOVABLE_API_KEY (and
AI_GATEWAY_URL) in the environment, a real gateway is used and charges for it.

Columns: answers accepted at first, after jsonrepair, after the repair turn; failed runs; completed
outputs that the agent's schema accepts again; findings by kind that code corrected (fixed), and that
remained in any answer (open).

Exits with 1 if an output is not valid or too few runs complete: all must, with --noisy 95 %.
`;

const NOISE = 0.35;
/** Options that may be given without their value. */
const DEFAULTS = new Map([
  ["--noisy", `--noisy=${NOISE}`],
  ["--answers", "--answers=table"],
]);
const MUST_COMPLETE = { plain: 1, noisy: 0.95 };

interface Asked {
  readonly noise: number;
  readonly seed: string;
  readonly verbose: boolean;
}

/** A text is a part of the corpus to print. Null for `--help`. Throws for unknown options and invalid values. */
function parseCommand(args: readonly string[]): Asked | string | null {
  const spelled = args.map((arg) => DEFAULTS.get(arg) ?? arg);
  const { values } = parseArgs({
    args: spelled,
    options: {
      help: { type: "boolean", short: "h" },
      noisy: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      verbose: { type: "boolean", default: false },
      answers: { type: "string" },
    },
  });
  if (values.help) return null;
  if (values.answers !== undefined) return values.answers;
  const noise = Number(values.noisy);
  if (!(noise >= 0 && noise <= 1)) throw new Error("--noisy must be a number from 0 to 1.");
  const { AI_GATEWAY_URL, AI_GATEWAY_API_KEY, LOVABLE_API_KEY } = process.env;
  if (noise > 0 && (AI_GATEWAY_URL || AI_GATEWAY_API_KEY || LOVABLE_API_KEY)) {
    throw new Error(
      "--noisy needs the demo gateway. Unset AI_GATEWAY_URL and the gateway's key, or omit --noisy.",
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
        console.error("The evaluation needs a database of its own. Unset SUPABASE_URL.");
        return 1;
      }
      const gateway = stack.isDemoGateway ? "the demo gateway (not a model)" : "a real gateway";
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
  if (asked === null) console.log(HELP);
  else if (typeof asked === "string") console.log(await describeAnswers(asked));
  else {
    process.exitCode = await evaluate(asked);
    const { table, acceptedAtFirst } = await judgeAnswers();
    console.log(`\nThe corpus of answers, judged without a gateway:\n${table}\n`);
    console.log(describePromptTokens(acceptedAtFirst));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
