/** `npm run test:faults`: the command line of the fault tests. */
import { type CommandName, HELP, readCommandLine } from "./command-line.ts";
import { cutReadersOff } from "./commands/disconnects.ts";
import { killWorkers } from "./commands/kill.ts";
import { playMatrix } from "./commands/matrix.ts";
import { playRandom } from "./commands/random.ts";
import { isUsageError } from "./usage-error.ts";

const USAGE_EXIT_CODE = 2;

const RUN: Record<CommandName, (args: readonly string[]) => Promise<number>> = {
  matrix: playMatrix,
  kill: killWorkers,
  disconnects: cutReadersOff,
  random: playRandom,
};

async function main(): Promise<number> {
  try {
    const line = readCommandLine(process.argv.slice(2));
    if (line.kind === "command") return await RUN[line.name](line.args);
    console.log(HELP);
    return 0;
  } catch (error) {
    if (!isUsageError(error)) throw error;
    console.error(error.message);
    return USAGE_EXIT_CODE;
  }
}

process.exitCode = await main();
