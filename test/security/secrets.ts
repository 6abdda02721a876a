/**
 * `npm run test:secrets`: the real processes with known secrets, everything that can go wrong, and
 * a search for the secrets through everything that was written.
 */
import { parseArgs } from "node:util";
import { huntSecrets, type SecretReport } from "./hunt-secrets.ts";

const USAGE = `Looks for secrets in what the system writes.

  npm run test:secrets

An API and a worker run with their log at debug. Runs complete and fail in every way, among them a
gateway whose refusals repeat its key, a database and a Redis that are away. Then every line of the
processes, every command that Redis got and all that it holds, every answer and every row of the
database are searched for the keys, the Redis password, the users' tokens and a brand's text.
In the end each secret is planted in each of these places, and has to be found there.
Exit code 1 when a secret is where it must not be, or a planted one is not found.
`;

function show({ sizes, runs, endings, leaks, missed, planted }: SecretReport): void {
  console.log(`runs                ${runs}: ${endings.join(", ")}`);
  for (const [place, characters] of sizes)
    console.log(`${place.padEnd(18)}  ${characters} characters`);
  console.log(`secrets found       ${leaks.length}`);
  for (const { secret, place } of leaks) console.log(`  ${secret} in ${place}`);
  console.log(`planted and found   ${planted - missed.length} of ${planted}`);
  for (const { secret, place } of missed) console.log(`  not found: ${secret} in ${place}`);
}

const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (values.help) {
  console.log(USAGE);
} else {
  const report = await huntSecrets((line) => console.log(line));
  show(report);
  process.exitCode = report.leaks.length === 0 && report.missed.length === 0 ? 0 : 1;
}
