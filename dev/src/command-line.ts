/** Parses the command line of the local stack. */
export type Command =
  | { readonly name: "start"; readonly watch: boolean; readonly verbose: boolean }
  | { readonly name: "demo"; readonly verbose: boolean }
  | { readonly name: "types" | "baseline" | "diff" }
  | { readonly name: "help" };

/** The command line names a command or option that does not exist. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(`${problem} Run \`node dev/src/main.ts --help\` for the list.`);
    this.name = "UsageError";
  }
}

export const HELP = `The local stack of CMO Kernel: PostgreSQL, Redis, a Supabase API, a demo gateway, the API and workers.

  npm start               start everything and run until Ctrl-C; data is kept in .local
  npm run dev             the same, and restart the API and workers when a source changes
  npm run demo            start a temporary stack, run all six modes through it, stop
  npm run types:db        generate the database types from a temporary, migrated database
  npm run db:baseline     write the baseline migration from the schemas
  npm run db:diff         print the migration that leads from the migrations to the schemas

Options, after \`--\`:
  --verbose               print the output of every process
  --help                  print this help

Services that the environment names are used instead of local ones: REDIS_URL; SUPABASE_URL with
SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY; AI_GATEWAY_URL, or LOVABLE_API_KEY for Lovable's.
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
  if (name === undefined) throw new UsageError("The command is missing.");
  if (!isCommand(name)) throw new UsageError(`There is no command "${name}".`);
  const known: readonly string[] = FLAGS[name];
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown) throw new UsageError(`The command "${name}" has no option "${unknown}".`);
  const verbose = flags.includes("--verbose");
  if (name === "start") return { name, verbose, watch: flags.includes("--watch") };
  return name === "demo" ? { name, verbose } : { name };
}

function isCommand(name: string): name is keyof typeof FLAGS {
  return Object.hasOwn(FLAGS, name);
}
