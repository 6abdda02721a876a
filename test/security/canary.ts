/** `npm run test:canary`: hundreds of runs of one tenant, and another's mark in none of them. */
import { parseArgs } from "node:util";
import { startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { type HuntReport, huntCanary } from "./hunt-canary.ts";

const USAGE = `Runs all modes for one tenant beside another's, and looks for the other's data.

  npm run test:canary -- [options]

  --runs N   how many runs of the first tenant (500)
  --wave N   how many of them at a time (20)

Every text in the second tenant's workspace bears a mark. Exit code 1 when the mark is seen in a
prompt, an event, a row, an answer or a log line of the first, or when a run does not complete.
`;

const SETTINGS = { DEMO_PIECES_PER_SECOND: "5000", DEMO_PIECE_CHARS: "64", LOG_LEVEL: "debug" };

async function hunt(runs: number, wave: number): Promise<HuntReport> {
  const stack = await startStack({
    ports: "free",
    // Empty on purpose: a key in a developer's shell must not send runs to a real gateway.
    environment: {},
    apps: { api: 1, workers: 2 },
    appEnvironment: SETTINGS,
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    onLine: () => {},
  });
  try {
    const { apiUrls, gatewayUrl, databaseUrl, jwtSecret, logsDir } = stack;
    const [apiUrl] = apiUrls;
    if (!apiUrl || gatewayUrl === null || databaseUrl === null || jwtSecret === null) {
      throw new Error("The hunt needs a whole stack of its own.");
    }
    const target = { apiUrl, gatewayUrl, databaseUrl, jwtSecret, logsDir };
    const onProgress = (done: number) => console.log(`  ${done} of ${runs} runs`);
    return await huntCanary(target, { runs, wave, onProgress });
  } finally {
    await stack.stop();
  }
}

function show(report: HuntReport): void {
  console.log(`
runs that completed                ${report.completed} of ${report.runs}
prompts                            ${report.prompts}, and ${report.othersPrompts} of the other tenant
prompts that hold their own mark   ${report.ownMarks} of ${report.prompts + report.othersPrompts}
lines of events and answers        ${report.events}
rows of the workspace              ${report.rows}
log lines                          ${report.logLines}
runs that named the other's rows   ${report.refused} of ${report.named} refused
the other's mark was seen          ${report.sightings.length} times`);
  for (const sighting of report.sightings) console.log(`  ${sighting.slice(0, 300)}`);
}

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "500" },
    wave: { type: "string", default: "20" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  console.log(`Looking for another tenant's mark in ${values.runs} runs.`);
  const report = await hunt(Number(values.runs), Number(values.wave));
  show(report);
  const isWhole = report.completed === report.runs && report.refused === report.named;
  const isProved = report.ownMarks === report.prompts + report.othersPrompts;
  process.exitCode = isWhole && isProved && report.sightings.length === 0 ? 0 : 1;
}
