/**
 * The evaluation: submits every agent on every workspace over the API, reads the runs, checks each
 * output against the agent's schema again, and counts the results.
 */
import { catalogEntry } from "@cmo/agents/catalog";
import { RUN_MODES, type RunMode, validationStepSchema } from "@cmo/shared/contract";
import { Client } from "pg";
import { z } from "zod";
import { type DemoClient, type DemoTarget, signIn } from "../demo/demo-client.ts";
import { toTable } from "../demo/demo-table.ts";
import { addWorkspaces, type EvalWorkspace } from "./add-workspaces.ts";
import { payloadOf } from "./payload-of.ts";
import { type AgentTally, type EvalResult, tallyResults } from "./tally-results.ts";

export interface EvalOptions {
  readonly target: DemoTarget;
  readonly databaseUrl: string;
  /** The share of runs that must complete. */
  readonly mustComplete: number;
  readonly say: (line: string) => void;
}

/** Returns the exit code: 0 if enough runs completed and all of their outputs are valid. */
export async function runEval({
  target,
  databaseUrl,
  mustComplete,
  say,
}: EvalOptions): Promise<number> {
  const workspaces = await addWorkspaces(databaseUrl, target.email);
  const client = await signIn(target);
  const results: EvalResult[] = [];
  for (const workspace of workspaces) {
    const ended = await Promise.all(
      RUN_MODES.map((mode) => evaluate({ client, databaseUrl, mode, workspace })),
    );
    results.push(...ended);
    const done = ended.filter(({ run }) => run.status === "completed").length;
    say(`${workspace.trade.name}: ${done} of ${ended.length} completed`);
  }
  for (const { run } of results.filter((result) => result.run.status !== "completed")) {
    say(`not completed: ${run.mode} ${run.id}: ${run.error_code ?? run.status}`);
  }
  say(`\n${toEvalTable(results)}\n`);
  const { runs, completed, valid } = tallyResults(results);
  say(
    `${completed} of ${runs} completed (${percent(completed, runs)}), ${valid} of ${completed} valid (${percent(valid, completed)})`,
  );
  return completed >= mustComplete * runs && valid === completed ? 0 : 1;
}

interface Evaluation {
  readonly client: DemoClient;
  readonly databaseUrl: string;
  readonly mode: RunMode;
  readonly workspace: EvalWorkspace;
}

async function evaluate({ client, databaseUrl, mode, workspace }: Evaluation): Promise<EvalResult> {
  const { id } = await client.submit(mode, payloadOf(mode, workspace.trade), workspace.id);
  const run = await client.poll(id);
  const isValid = catalogEntry(mode).output.safeParse(run.output).success;
  return { run, isValid, ...(await readAttempts(databaseUrl, id)) };
}

const attemptSchema = z.object({
  validationSteps: z.array(validationStepSchema),
  tokens: z.coerce.number(),
});

async function readAttempts(databaseUrl: string, runId: string) {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select validation_steps as "validationSteps", coalesce((usage ->> 'total_tokens')::integer, 0) as tokens
       from public.agent_run_attempts where run_id = $1 order by attempt`,
      [runId],
    );
    const attempts = z.array(attemptSchema).parse(rows);
    return {
      validationSteps: attempts.flatMap(({ validationSteps }) => validationSteps),
      tokens: attempts.reduce((sum, { tokens }) => sum + tokens, 0),
    };
  } finally {
    await client.end();
  }
}

function toEvalTable(results: readonly EvalResult[]): string {
  const header = [
    ...["agent", "runs", "at first", "jsonrepair", "repair turn", "failed", "valid"],
    ...["fixed", "open", "tokens", "seconds"],
  ];
  const rows = RUN_MODES.map((mode) => {
    const ofMode = results.filter(({ run }) => run.mode === mode);
    return [ofMode[0]?.run.agent ?? mode, ...toCells(tallyResults(ofMode))];
  });
  return toTable(header, [...rows, ["all", ...toCells(tallyResults(results))]]);
}

function toCells(tally: AgentTally): readonly string[] {
  return [
    ...[tally.runs, tally.atFirst, tally.afterJsonrepair, tally.afterRepairTurn].map(String),
    String(tally.failed),
    `${tally.valid}/${tally.completed}`,
    kindsOf(tally.fixed),
    kindsOf(tally.open),
    String(tally.tokens),
    tally.seconds.toFixed(1),
  ];
}

function kindsOf(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .map(([kind, n]) => `${n} ${kind}`)
      .join(", ") || "-"
  );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}
