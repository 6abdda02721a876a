/** Case 9: the pages that functions and filters touch, with few finished runs and with many. */

import { encodePageCursor } from "../../packages/shared/src/db/page-cursor.ts";
import { type BenchStack, startBenchStack } from "../systems/bench-stack.ts";
import { createFinishedRun } from "../systems/finished-run.ts";
import { growRuns } from "../systems/grown-runs.ts";
import { readLedgerPages } from "../systems/ledger-pages.ts";
import { createPlanLog, logPlans, type PlanLog } from "../systems/plan-log.ts";
import { withSql } from "../systems/sql.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import { digits } from "./render.ts";

export const GROWTH: Case = {
  name: "growth",
  summary: "pages that functions and filters touch at so many finished runs (case 9)",
  options: {
    rows: { default: "200000", help: "finished runs; the goal is set for 1000000" },
    base: { default: "20000", help: "finished runs of the small database: enough for full pages" },
  },
  run: runGrowth,
};

const MOST = 1.2;
const DAYS_BACK = 10;

interface Reading {
  readonly pages: number;
  readonly scans: readonly string[];
}

type Readings = ReadonlyMap<string, Reading>;

async function runGrowth({ options, say }: CaseRun): Promise<Findings> {
  const [base, rows] = [options.number("base"), options.number("rows")];
  const log = createPlanLog();
  const bench = await startBenchStack({ workers: 0, onLine: log.onLine });
  try {
    await logPlans(bench.databaseUrl);
    // Its connections are to log their plans.
    await bench.stack.stopProcess("supabase");
    await bench.stack.startProcess("supabase");
    // One that waits would be in each sweep, or not yet.
    const run = await createFinishedRun(bench, 1);
    say(`${base} finished runs`);
    await grow(bench, base);
    const small = await readAll({ bench, log, run });
    say(`${rows} finished runs`);
    await grow(bench, rows - base);
    const large = await readAll({ bench, log, run });
    return toFindings({ base, rows, small, large });
  } finally {
    await bench.stop();
  }
}

function grow({ databaseUrl, users }: BenchStack, rows: number): Promise<void> {
  const { workspaceId, userIds } = users;
  return growRuns({ databaseUrl, rows, workspaceId, userIds });
}

interface Scene {
  readonly bench: BenchStack;
  readonly log: PlanLog;
  readonly run: string;
}

async function readAll({ bench, log, run }: Scene): Promise<Readings> {
  const { databaseUrl, users } = bench;
  const userId = users.userIds[0] ?? "";
  const functions = await readLedgerPages({ databaseUrl, workspaceId: users.workspaceId, userId });
  const readings = new Map<string, Reading>(
    [...functions].map(([name, pages]) => [name, { pages, scans: [] }]),
  );
  await log.take();
  for (const [name, path] of Object.entries(await requestsOf(bench, run))) {
    readings.set(name, await readRequest(bench, log, path));
  }
  return readings;
}

/** The first time plans and reads the catalogue; the second one counts. */
async function readRequest(bench: BenchStack, log: PlanLog, path: string): Promise<Reading> {
  await request(bench, path);
  await log.take();
  await request(bench, path);
  const plans = await log.take();
  return {
    pages: plans.reduce((total, { pages }) => total + pages, 0),
    scans: [...new Set(plans.flatMap(({ scans }) => scans))],
  };
}

async function request({ apiUrl, users }: BenchStack, path: string): Promise<void> {
  const headers = { authorization: `Bearer ${users.tokens[0]}` };
  const response = await fetch(apiUrl + path, { headers });
  await response.arrayBuffer();
  // A filter that is no longer offered is answered with 400, which costs no page.
  if (response.status !== 200 && response.status !== 400) {
    throw new Error(`${path} was answered ${response.status}.`);
  }
}

async function requestsOf(
  bench: BenchStack,
  run: string,
): Promise<Readonly<Record<string, string>>> {
  const { workspaceId } = bench.users;
  const before = await cursorBack(bench);
  const list = (filters: string): string => `/v1/runs?limit=20${filters}`;
  const workspace = `&workspace_id=${workspaceId}`;
  return {
    "GET /v1/runs/:id": `/v1/runs/${run}`,
    "GET /v1/runs": list(""),
    "… ?status=completed": list("&status=completed"),
    "… ?status=failed": list("&status=failed"),
    "… ?status=running": list("&status=running"),
    "… ?mode=": list("&mode=funnels"),
    "… ?status=&mode=": list("&status=failed&mode=funnels"),
    [`… ?before= ${DAYS_BACK} days back`]: list(`&before=${before}`),
    "… ?workspace_id=": list(workspace),
    "… ?workspace_id=&status=failed": list(`${workspace}&status=failed`),
    "… ?workspace_id=&mode=": list(`${workspace}&mode=funnels`),
    "… ?workspace_id=&before=": list(`${workspace}&before=${before}`),
  };
}

function cursorBack(bench: BenchStack): Promise<string> {
  return withSql(bench, async (query) => {
    const [row = {}] = await query(
      `select id, to_json(created_at) #>> '{}' as created_at from public.agent_runs
       where workspace_id = $1 and created_at < now() - make_interval(days => $2)
       order by created_at desc limit 1`,
      [bench.users.workspaceId, DAYS_BACK],
    );
    return encodePageCursor({ id: String(row["id"]), created_at: String(row["created_at"]) });
  });
}

interface Compared {
  readonly base: number;
  readonly rows: number;
  readonly small: Readings;
  readonly large: Readings;
}

function toFindings({ base, rows, small, large }: Compared): Findings {
  const all = [...large].map(([name, { pages, scans }]) => {
    const before = small.get(name)?.pages ?? 0;
    return { name, before, after: pages, ratio: pages / Math.max(1, before), scans };
  });
  const above = all.filter(({ ratio }) => ratio > MOST);
  return {
    tables: [
      {
        title: "Pages of 8 KiB that one call touches",
        columns: ["call", `${base} runs`, `${rows} runs`, "ratio", "reads by"],
        rows: all.map(({ name, before, after, ratio, scans }) => [
          name,
          String(before),
          String(after),
          digits(ratio, 2),
          scans.join(", "),
        ]),
      },
    ],
    charts: [],
    goals: [
      {
        goal: `every function and filter ≤ ${MOST} × its pages in a small database`,
        measured:
          above.length === 0
            ? `${all.length} of ${all.length}`
            : `${all.length - above.length} of ${all.length}; not ${above.map(({ name }) => name).join(", ")}`,
        met: above.length === 0,
      },
    ],
    notes: [
      "Functions are explained in a transaction that is rolled back; requests by the plans that Postgres logs of them. Pages are shared buffers, found or read.",
      "One in fifty of the runs is in the workspace of the user who asks.",
    ],
    raw: { small: Object.fromEntries(small), large: Object.fromEntries(large) },
  };
}
