/**
 * The demo: signs in as the demo user, submits all six modes, follows their streams, polls until
 * they have ended, and prints a table of the results.
 */
import { RUN_MODES, type Run, type RunMode } from "@cmo/shared/contract";
import { type DemoClient, type DemoProgress, type DemoTarget, signIn } from "./demo/demo-client.ts";
import { createScreen, type DemoScreen } from "./demo/demo-screen.ts";
import { toTable } from "./demo/demo-table.ts";

const PAYLOADS: Record<RunMode, Record<string, unknown>> = {
  setup: {
    currentStep: "brand",
    messages: [
      { role: "user", content: "I am ready to start." },
      { role: "assistant", content: "Welcome! What does your company do, and for whom?" },
      { role: "user", content: "We roast speciality coffee and deliver it to offices every week." },
    ],
  },
  strategy: {
    primaryGoal: "Win 60 new office subscriptions",
    budget: 24_000,
    focusAreas: ["Lead Generation", "Customer Retention"],
  },
  funnels: { funnelType: "marketing" },
  campaigns: { campaignGoal: "lead_gen", channels: ["linkedin", "email"] },
  content: { funnelStage: "consideration", channels: ["email", "linkedin"], ctaIntent: "convert" },
  optimization: { period: "last_30_days" },
};

interface DemoResult {
  readonly run: Run;
  readonly progress: DemoProgress;
}

/** Returns the exit code: 0 if every run completed. */
export async function runDemo(target: DemoTarget, output: NodeJS.WriteStream): Promise<number> {
  const client = await signIn(target);
  output.write(`Signed in as ${target.email}; submitting ${RUN_MODES.length} runs.\n\n`);
  const screen = createScreen(output, RUN_MODES);
  try {
    const results = await Promise.all(RUN_MODES.map((mode) => runMode(client, screen, mode)));
    screen.close();
    output.write(`\n${toSummary(results)}\n`);
    return results.every(({ run }) => run.status === "completed") ? 0 : 1;
  } finally {
    screen.close();
  }
}

async function runMode(client: DemoClient, screen: DemoScreen, mode: RunMode): Promise<DemoResult> {
  const submitted = await client.submit(mode, PAYLOADS[mode]);
  const progress = await client.follow(submitted, (now) => screen.show(mode, now));
  const run = await client.poll(submitted.id);
  screen.show(mode, progress, run.error_message ?? run.status);
  return { run, progress };
}

function toSummary(results: readonly DemoResult[]): string {
  const header = ["mode", "run", "status", "first text ms", "duration ms", "events", "saved"];
  const rows = results.map(({ run, progress }) => [
    run.mode,
    run.id,
    run.status,
    String(progress.firstTextMs ?? "-"),
    String(run.duration_ms ?? "-"),
    String(progress.events),
    countTables(run),
  ]);
  return toTable(header, rows);
}

function countTables({ artifacts }: Run): string {
  const counts = new Map<string, number>();
  for (const { table } of artifacts) counts.set(table, (counts.get(table) ?? 0) + 1);
  return [...counts].map(([table, count]) => `${count} ${table}`).join(", ") || "-";
}
