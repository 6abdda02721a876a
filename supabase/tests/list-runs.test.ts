/** What a page of runs reads, counted by Postgres: the rows that it shows, by index, and no others. */
import { listRunsQuerySchema, RUN_MODES, RUN_STATUSES } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { type Caller, type Database, inRollback, user } from "../../test/support/database.ts";
import { cancel, startRun } from "./support/ledger.ts";
import { addMember, addWorkspace, createTenant, type Tenant } from "./support/tenant.ts";

const LIMIT = 20;
const RUNS_OF_A_WORKSPACE = 1200;
/** Waiting runs of a workspace: more than a page, and far fewer than have ended. */
const RUNNING = 30;

interface Run {
  readonly id: string;
  readonly workspace_id: string;
  readonly status: string;
  readonly mode: string;
  readonly created_at: string;
}

/** The newest wait, before them so many have failed in a row, and most others are completed. */
async function placeRuns(
  db: Database,
  { tenantId, workspaceId }: Tenant,
  failed = 0,
): Promise<void> {
  await db.query(
    `insert into public.agent_runs (id, tenant_id, workspace_id, created_by, agent, mode, status,
       phase, input, created_at, expires_at, completed_at)
     select private.uuid_v7(), $1, $2, $1, private.agent_of_mode(m.mode), m.mode, s.status,
       case s.status when 'running' then 'queued' else 'done' end, '{}', now() - n * interval '1 minute',
       now(), case when s.status <> 'running' then now() end
     from generate_series(1, $3::integer) n
     cross join lateral (select ($6::text[])[1 + n % cardinality($6::text[])] as mode) m
     cross join lateral (select case when n <= $4 then 'running' when n <= $5 then 'failed'
       when n % 100 = 0 then 'cancelled' else 'completed' end as status) s`,
    [tenantId, workspaceId, RUNS_OF_A_WORKSPACE, RUNNING, RUNNING + failed, RUN_MODES],
  );
}

/**
 * A member of two workspaces among others with as many runs each. One of the two had many failures,
 * which the statistics of the whole table do not expect.
 */
async function placeReader(db: Database): Promise<{ reader: Caller; mine: readonly string[] }> {
  const tenants = [];
  for (let count = 0; count < 5; count += 1) tenants.push(await createTenant(db));
  const [first, second] = tenants;
  for (const tenant of tenants) await placeRuns(db, tenant, tenant === first ? 400 : 0);
  if (!first || !second || second.owner.userId === null) throw new Error("Two were created.");
  await db.query(
    "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, 'viewer')",
    [first.workspaceId, second.owner.userId],
  );
  await db.query("analyze public.agent_runs");
  return { reader: user(second.owner.userId), mine: [first.workspaceId, second.workspaceId] };
}

type Args = Readonly<Record<string, unknown>>;

function list(db: Database, reader: Caller, args: Args): Promise<Run[]> {
  const named = { p_limit: LIMIT, ...args };
  const places = Object.keys(named).map((name, index) => `${name} => $${index + 1}`);
  const sql = `select r.*, r.created_at::text from public.list_runs(${places.join(", ")}) r`;
  return db.as<Run>(reader, sql, Object.values(named));
}

interface Reads {
  readonly scans: number;
  readonly rows: number;
}

/** Of the runs' table, in this transaction. */
async function readsOf(db: Database): Promise<Reads> {
  const [row] = await db.query<Reads>(
    `select seq_scan::integer as scans, (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows
     from pg_catalog.pg_stat_xact_user_tables where relid = 'public.agent_runs'::regclass`,
  );
  if (!row) throw new Error("The table has no statistics.");
  return row;
}

interface Updates {
  readonly all: number;
  readonly hot: number;
}

/** Of the runs' table, in this transaction. A hot update writes no index. */
async function updatesOf(db: Database): Promise<Updates> {
  const [row] = await db.query<Updates>(
    `select n_tup_upd::integer as "all", n_tup_hot_upd::integer as hot
     from pg_catalog.pg_stat_xact_user_tables where relid = 'public.agent_runs'::regclass`,
  );
  if (!row) throw new Error("The table has no statistics.");
  return row;
}

/** The arguments for each filter that the API offers. A filter that is not here fails the test. */
const VALUES: Readonly<Record<string, (workspaceId: string) => readonly Args[]>> = {
  workspace_id: (workspaceId) => [{ p_workspace_id: workspaceId }],
  status: () => RUN_STATUSES.map((status) => ({ p_status: status })),
  mode: () => RUN_MODES.map((mode) => ({ p_mode: mode })),
  before: () => [
    {
      p_before_at: new Date(Date.now() - 10 * 3600_000),
      p_before_id: "00000000-0000-7000-8000-000000000000",
    },
  ],
};

/** Every filter with every other, and without. */
function combine(workspaceId: string): readonly Args[] {
  const filters = Object.keys(listRunsQuerySchema.shape).filter((name) => name !== "limit");
  return filters.reduce<readonly Args[]>(
    (all, name) => {
      const values = VALUES[name]?.(workspaceId);
      if (!values) throw new Error(`The filter ${name} has no arguments here.`);
      return all.flatMap((args) => [args, ...values.map((value) => ({ ...args, ...value }))]);
    },
    [{}],
  );
}

test("every filter and every combination reads the rows of its page by index, and no others", () =>
  inRollback(async (db) => {
    const { reader, mine } = await placeReader(db);
    const wasteful: unknown[] = [];
    for (const args of combine(mine[0] ?? "")) {
      const before = await readsOf(db);
      await list(db, reader, args);
      const after = await readsOf(db);
      const read = { scans: after.scans - before.scans, rows: after.rows - before.rows };
      // The waiting runs have an index by status alone.
      const isRunningMode = args["p_status"] === "running" && args["p_mode"] !== undefined;
      const most = mine.length * (isRunningMode ? RUNNING : LIMIT);
      if (read.scans > 0 || read.rows > most) wasteful.push({ args, read });
    }
    expect(wasteful).toEqual([]);
  }));

test("a page holds the newest runs of all workspaces of the reader that pass its filters", () =>
  inRollback(async (db) => {
    const { reader, mine } = await placeReader(db);
    const all = await db.query<Run>(
      `select * from public.agent_runs where workspace_id = any ($1)
       order by created_at desc, id desc`,
      [mine],
    );
    for (const args of combine(mine[0] ?? "")) {
      const beforeAt = args["p_before_at"] as Date | undefined;
      const expected = all.filter(
        (run) =>
          [undefined, run.workspace_id].includes(args["p_workspace_id"] as string) &&
          [undefined, run.status].includes(args["p_status"] as string) &&
          [undefined, run.mode].includes(args["p_mode"] as string) &&
          (beforeAt === undefined || new Date(run.created_at) < beforeAt),
      );
      const ids = (await list(db, reader, args)).map(({ id }) => id);
      expect(ids, JSON.stringify(args)).toEqual(expected.slice(0, LIMIT).map(({ id }) => id));
    }
  }));

test("a later page begins after the run that its cursor names, also among runs of one moment", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    await placeRuns(db, tenant);
    // What waits for the end of the transaction would not let the table be altered.
    await db.query("set constraints all immediate");
    await db.query("alter table public.agent_runs disable trigger guard_run");
    await db.query("update public.agent_runs set created_at = now() where workspace_id = $1", [
      tenant.workspaceId,
    ]);
    const seen: string[] = [];
    let args: Args = {};
    for (let page = 0; page < 3; page += 1) {
      const runs = await list(db, tenant.owner, args);
      seen.push(...runs.map(({ id }) => id));
      const last = runs.at(-1);
      args = { p_before_at: last?.created_at, p_before_id: last?.id };
    }
    expect(new Set(seen).size).toBe(3 * LIMIT);
    expect(seen).toEqual(seen.toSorted().reverse());
  }));

test("nobody is shown a run of a workspace that is not theirs, or more rows than a page has", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    await placeRuns(db, tenant);
    const other = await createTenant(db);
    const viewer = await addMember(db, tenant.workspaceId, "viewer");
    await addWorkspace(db, { tenantId: other.tenantId, ownerId: other.owner.userId ?? "" });
    expect(await list(db, other.owner, {})).toEqual([]);
    expect(await list(db, other.owner, { p_workspace_id: tenant.workspaceId })).toEqual([]);
    expect(await list(db, viewer, { p_limit: 1_000_000 })).toHaveLength(101);
  }));

test("asking to cancel writes no index", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant);
    const before = await updatesOf(db);
    await cancel(db, tenant.owner, runId);
    const after = await updatesOf(db);
    expect({ all: after.all - before.all, hot: after.hot - before.hot }).toEqual({
      all: 1,
      hot: 1,
    });
  }));
