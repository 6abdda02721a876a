/** The command line of the local stack. */
import { type Command, HELP, parseCommandLine, UsageError } from "./command-line.ts";
import { demo } from "./commands/demo.ts";
import { diffSchema } from "./commands/diff-schema.ts";
import { start } from "./commands/start.ts";
import { writeBaseline } from "./commands/write-baseline.ts";
import { writeTypes } from "./commands/write-types.ts";

const USAGE_EXIT_CODE = 2;

function run(command: Command): Promise<number> {
  switch (command.name) {
    case "start":
      return start(command);
    case "demo":
      return demo(command);
    case "types":
      return writeTypes();
    case "baseline":
      return Promise.resolve(writeBaseline());
    case "diff":
      return diffSchema();
    case "help":
      console.log(HELP);
      return Promise.resolve(0);
  }
}

async function main(): Promise<number> {
  try {
    return await run(parseCommandLine(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof UsageError ? USAGE_EXIT_CODE : 1;
  }
}

process.exitCode = await main();
