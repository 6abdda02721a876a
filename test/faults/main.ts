/** `npm run test:faults`: the command line of the fault tests. */
import { type CommandName, HELP, readCommandLine } from "./command-line.ts";
import { cutReadersOff } from "./commands/disconnects.ts";
import { killWorkers } from "./commands/kill.ts";
import { playMatrix } from "./commands/matrix.ts";
import { playRandom } from "./commands/random.ts";

const RUN: Record<CommandName, (args: readonly string[]) => Promise<number>> = {
  matrix: playMatrix,
  kill: killWorkers,
  disconnects: cutReadersOff,
  random: playRandom,
};

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  if (line.kind === "command") return await RUN[line.name](line.args);
  console.log(HELP);
  return 0;
}

process.exitCode = await main();
