/** A tenant whose rows are as large as they may be, beside one with ordinary rows. */
import type { Arena } from "../arena.ts";
import type { Client } from "../client.ts";
import {
  forgetEventLoop,
  readEventLoop,
  resetEventLoop,
  WATCH_EVENT_LOOP,
} from "../event-loop-file.ts";
import type { Tenant } from "../observed-database.ts";
import type { Scenario } from "../scenario.ts";
import { expect, startRuns, untilEnded } from "../steps.ts";

const RUNS_EACH = 50;
const WARM_UP_RUNS = 8;
const ROWS = 100;
/** Two lists of this many pairs of characters, and what else a row has, are just below its limit. */
const PAIRS = 31_000;
const BLOCKED_MAX_MS = 50;
const ENDED_WITHIN_MS = 120_000;

async function fillWorkspace(arena: Arena, { workspaceId }: Tenant): Promise<void> {
  const list = `jsonb_build_array(repeat('1 ', ${PAIRS}))`;
  await arena.database.query(
    `update public.cmo_brand_profiles set core_values = ${list}, competitors = ${list}
     where workspace_id = $1`,
    [workspaceId],
  );
  await arena.database.query(
    `insert into public.cmo_icp_segments (workspace_id, segment_name, goals, objections)
     select $1, 'S' || n, ${list}, ${list} from generate_series(1, ${ROWS}) n`,
    [workspaceId],
  );
  await arena.database.query(
    `insert into public.cmo_offers (workspace_id, offer_name, offer_type, features, use_cases)
     select $1, 'O' || n, 'product', ${list}, ${list} from generate_series(1, ${ROWS}) n`,
    [workspaceId],
  );
}

/** What the same number of ordinary runs costs on this machine is reported first, to compare. */
function checkEventLoops(arena: Arena, rows: string, report: (figure: string) => void): void {
  for (const { name, pid } of arena.workers) {
    const { delayP99Ms, delayMaxMs, busyP99Ms, busyMaxMs } = readEventLoop(pid ?? 0);
    report(
      `${rows} rows, ${name}: event-loop delay p99 ${delayP99Ms.toFixed(0)} ms, longest ${delayMaxMs.toFixed(0)} ms; of its own work p99 ${busyP99Ms.toFixed(0)} ms, longest ${busyMaxMs.toFixed(0)} ms`,
    );
    expect(
      busyP99Ms <= BLOCKED_MAX_MS,
      `the work of ${name} blocks its event loop for at most ${BLOCKED_MAX_MS} ms, not ${busyP99Ms}`,
    );
  }
}

/** Runs of both tenants at once, each completed by its first attempt. */
async function completeRuns(arena: Arena, clients: readonly Client[]): Promise<void> {
  for (const { pid } of arena.workers) resetEventLoop(pid ?? 0);
  const started = await Promise.all(clients.map((client) => startRuns(client, RUNS_EACH)));
  for (const { runId } of started.flat()) {
    const { status, attempt, errorCode } = await untilEnded(arena, runId, ENDED_WITHIN_MS);
    expect(
      status === "completed" && attempt === 1,
      `every run completes in attempt 1, and is not ${status} ${errorCode ?? ""} in ${attempt}`,
    );
  }
}

export const LARGE_ROW_FAULTS: readonly Scenario[] = [
  {
    id: "F75",
    title: "the rows of one tenant are as large as they may be, and another tenant has runs beside",
    guarantees: ["G1", "G3"],
    arena: { environment: { NODE_OPTIONS: WATCH_EVENT_LOOP } },
    bounds: { endWithinMs: ENDED_WITHIN_MS },
    async play({ arena, client, report }) {
      const pids = [...arena.workers, ...arena.apis].map(({ pid }) => pid ?? 0);
      arena.onClose(async () => pids.forEach(forgetEventLoop));
      const bystander = await arena.createClient();
      for (const { runId } of await startRuns(bystander, WARM_UP_RUNS)) {
        await untilEnded(arena, runId);
      }
      await completeRuns(arena, [client, bystander]);
      checkEventLoops(arena, "ordinary", report);
      await fillWorkspace(arena, client.tenant);
      await completeRuns(arena, [client, bystander]);
      const lost = await arena.database.query(
        "select id from public.workers where lost_at is not null",
      );
      expect(lost.length === 0, `no worker loses its lease, not ${lost.length}`);
      checkEventLoops(arena, "large", report);
    },
  },
];
