/** What can be asked of the local stack, and how. */
export type Command =
  | { readonly name: "start"; readonly watch: boolean; readonly verbose: boolean }
  | { readonly name: "demo"; readonly verbose: boolean }
  | { readonly name: "types" | "baseline" | "diff" }
  | { readonly name: "help" };

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem} \`node dev/src/main.ts --help\` tells what there is.`);
    this.name = "UsageError";
  }
}

export const HELP = `The local stack of CMO Kernel: PostgreSQL, Redis, a Supabase API, a demo gateway, the API and workers.

  npm start               start everything, and keep it until Ctrl-C; data stays in .local
  npm run dev             the same, and start API and workers again when a source changes
  npm run demo            start a temporary stack, run all six modes through it, stop
  npm run types:db        write the database's types, from a temporary migrated database
  npm run db:baseline     write the baseline migration from the schemas
  npm run db:diff         print the migration that leads from the migrations to the schemas

Options, after \`--\`:
  --verbose               show what every process says, not only where things are
  --help                  show this

Parts that the environment names are used instead of started: REDIS_URL; SUPABASE_URL with
SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY; LOVABLE_API_KEY, with AI_GATEWAY_URL if need be.
`;

const FLAGS = {
  start: ["--watch", "--verbose"],
  demo: ["--verbose"],
  types: [],
  baseline: [],
  diff: [],
} as const satisfies Record<string, readonly string[]>;

export function parseCommandLine(args: readonly string[]): Command {
  if (args.includes("--help") || args.includes("-h")) return { name: "help" };
  const [name, ...flags] = args;
  if (name === undefined) throw new UsageError("What should be done is missing.");
  if (!isCommand(name)) throw new UsageError(`There is no command "${name}".`);
  const known: readonly string[] = FLAGS[name];
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown) throw new UsageError(`"${name}" knows no "${unknown}".`);
  const verbose = flags.includes("--verbose");
  if (name === "start") return { name, verbose, watch: flags.includes("--watch") };
  return name === "demo" ? { name, verbose } : { name };
}

function isCommand(name: string): name is keyof typeof FLAGS {
  return Object.hasOwn(FLAGS, name);
}
