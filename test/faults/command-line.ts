/** Which of the long fault tests is requested. The matrix is the default. */
import { UsageError } from "./usage-error.ts";

const COMMANDS = ["matrix", "kill", "disconnects", "random"] as const;

export type CommandName = (typeof COMMANDS)[number];

export type CommandLine =
  | { readonly kind: "command"; readonly name: CommandName; readonly args: readonly string[] }
  | { readonly kind: "help" };

export const HELP = `Usage: npm run test:faults -- [command] [options]

Plays faults against real processes, a real Postgres and a real Redis. Takes minutes, and expects
the machine for itself.

  matrix        plays each fault once and writes docs/fault-matrix.md; the default
  kill          kills workers while runs stream, at the times of production
  disconnects   cuts readers off thousands of times
  random        plays random faults over a steady load

Each command prints its options with --help. Options without a command are those of matrix, such as
  npm run test:faults -- --only F02,F49 --no-write
`;

/** Throws on a command that does not exist. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith("-")) {
    if (first === "--help" && rest.length === 0) return { kind: "help" };
    return { kind: "command", name: "matrix", args };
  }
  const name = COMMANDS.find((command) => command === first);
  if (name === undefined) {
    throw new UsageError(`There is no command ${first}. The commands are ${COMMANDS.join(", ")}.`);
  }
  return { kind: "command", name, args: rest };
}
