/** Takes an adoption back: what it has added goes, in reverse order, and nothing else. */
import type { Client } from "pg";
import { AdoptionError } from "./connect.ts";
import {
  failedAt,
  inTransaction,
  type Reporting,
  report,
  SCHEMA,
  stopIfAsked,
} from "./run-steps.ts";

interface WayBack {
  /** Rows in tables of ours, which would go with them, by table. */
  readonly rows: ReadonlyMap<string, number>;
  /** Runs of the kernel: in a table of the app they stay, as rows of its own. */
  readonly runs: { readonly all: number; readonly open: number };
  readonly steps: readonly { readonly step: string; readonly undo: string | null }[];
}

export async function takeBack(
  client: Client,
  dropRows: boolean,
  reporting: Reporting,
): Promise<void> {
  const way = await readWayBack(client);
  if (way === null) return reporting.say("There is nothing to take back.");
  refuse(way, dropRows);
  const due = way.steps.filter(({ step }) => step !== SCHEMA);
  for (const [index, { step, undo }] of due.entries()) {
    stopIfAsked(
      reporting.signal,
      `after ${index} of ${due.length} steps. Run back to go on, or apply to add it again.`,
    );
    await inTransaction(client, async () => {
      if (undo !== null) await client.query(undo);
      await client.query("delete from private.adoption where step = $1", [step]);
    }).catch((error: unknown) => {
      throw failedAt(step, error);
    });
    report(reporting, [index + 1, due.length], `taken back: ${step}`, false);
  }
  await inTransaction(client, async () => {
    await client.query("drop table private.adoption");
    if (way.steps.length > due.length) await client.query("drop schema private");
  });
  const kept =
    way.runs.all > 0
      ? ` ${way.runs.all} runs of the kernel stay in agent_runs as rows of yours.`
      : "";
  reporting.say(`All that was added is gone.${kept}`);
}

function refuse({ rows, runs }: WayBack, dropRows: boolean): void {
  if (runs.open > 0) {
    throw new AdoptionError(
      `${runs.open} runs have not ended, and nobody would end them afterwards. Wait for them or cancel them, and stop the API first.`,
    );
  }
  if (rows.size === 0 || dropRows) return;
  throw new AdoptionError(
    [
      "These tables are the kernel's own and hold rows, which would go with them:",
      ...[...rows].map(([table, count]) => `  ${table}: ${count}`),
      "Copy what you need, then run it again with --drop-rows.",
    ].join("\n"),
  );
}

async function readWayBack(client: Client): Promise<WayBack | null> {
  const here = await client.query("select to_regclass('private.adoption') is not null as is_here");
  if (here.rows[0]?.is_here !== true) return null;
  const { rows: steps } = await client.query<{ step: string; undo: string | null }>(
    "select step, undo from private.adoption order by number desc",
  );
  const rows = new Map<string, number>();
  for (const { step } of steps) {
    const table = /^table (public\.\w+)$/.exec(step)?.[1];
    if (table === undefined) continue;
    const count = await countRows(client, table, "true");
    if (count > 0) rows.set(table, count);
  }
  const isAdopted = steps.some(({ step }) => step === "table public.agent_runs column phase");
  const runs = isAdopted
    ? {
        all: await countRows(client, "public.agent_runs", "phase is not null"),
        open: await countRows(client, "public.agent_runs", "phase <> 'done'"),
      }
    : { all: 0, open: 0 };
  return { rows, runs, steps };
}

async function countRows(client: Client, table: string, where: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from ${table} where ${where}`,
  );
  return rows[0]?.count ?? 0;
}
