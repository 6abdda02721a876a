import { randomUUID } from "node:crypto";
import { AGENT_OF_MODE, RUN_TRANSITIONS } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { createRun, finalize, readRun, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

const STATES = ["queued", "active", "completed", "failed", "cancelled"] as const;

test("the database's agents are the contract's, and a mode that is none has no agent", () =>
  inRollback(async (db) => {
    const modes = [...Object.keys(AGENT_OF_MODE), "poetry"];
    const rows = await db.query<{ agent: string | null }>(
      "select private.agent_of_mode(m) as agent from unnest($1::text[]) m",
      [modes],
    );
    expect(rows.map(({ agent }) => agent)).toEqual([...Object.values(AGENT_OF_MODE), null]);
  }));

/** What the superuser would have to write, trigger or not, for a run to be in a state. */
const ASSIGNMENTS: Record<(typeof STATES)[number], string> = {
  queued: "phase = 'queued', worker_id = null",
  active: "phase = 'active', worker_id = gen_random_uuid(), attempt = attempt + 1",
  completed: "status = 'completed', phase = 'done', completed_at = now()",
  failed: "status = 'failed', phase = 'done', completed_at = now()",
  cancelled: "status = 'cancelled', phase = 'done', completed_at = now()",
};

async function move(db: Database, runId: string, to: (typeof STATES)[number]): Promise<void> {
  await db.query(`update public.agent_runs set ${ASSIGNMENTS[to]} where id = $1`, [runId]);
}

for (const from of ["queued", "active"] as const) {
  for (const to of STATES.filter((state) => state !== from)) {
    const legal = RUN_TRANSITIONS[from].some((state) => state === to);
    test(`a run ${legal ? "may" : "cannot"} go from ${from} to ${to}, whoever writes`, () =>
      inRollback(async (db) => {
        const tenant = await createTenant(db);
        const runId =
          from === "active"
            ? (await startRun(db, tenant)).runId
            : (await createRun(db, tenant.owner)).run.id;

        if (legal) await move(db, runId, to);
        else expect(await refusalOf(move(db, runId, to))).toMatchObject({ code: "PT409" });
      }));
  }
}

test("what has ended is never changed again, not even by the superuser", () =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    await finalize(db, { runId });
    const rewrite = db.query("update public.agent_runs set output_text = '' where id = $1", [
      runId,
    ]);
    expect(await refusalOf(rewrite)).toMatchObject({ code: "PT409" });
  }));

const REWRITES: [column: string, assignment: string][] = [
  ["id", "id = gen_random_uuid()"],
  ["workspace_id", "workspace_id = gen_random_uuid()"],
  ["tenant_id", "tenant_id = gen_random_uuid()"],
  ["created_by", "created_by = gen_random_uuid()"],
  ["mode", "mode = 'setup', agent = 'cmo-brand-intake'"],
  ["input", `input = '{"other": true}'`],
  ["created_at", "created_at = now() - interval '1 day'"],
  ["attempt, back", "attempt = attempt - 1"],
  ["attempt, without a claim", "attempt = attempt + 1"],
];
test.each(REWRITES)("a run's %s cannot be changed", (_column, assignment) =>
  inRollback(async (db) => {
    const { runId } = await startRun(db, await createTenant(db));
    const rewrite = db.query(`update public.agent_runs set ${assignment} where id = $1`, [runId]);
    expect(await refusalOf(rewrite)).toMatchObject({ code: "PT409" });
  }),
);

test("a claim cannot jump an attempt", () =>
  inRollback(async (db) => {
    const { run } = await createRun(db, (await createTenant(db)).owner);
    const jump = db.query(
      "update public.agent_runs set phase = 'active', worker_id = $2, attempt = 2 where id = $1",
      [run.id, randomUUID()],
    );
    expect(await refusalOf(jump)).toMatchObject({ code: "PT409" });
  }));

test("a deleted workspace takes its runs and what they saved with it", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const { runId } = await startRun(db, tenant, { p_save: true });
    const plan = { table: "cmo_marketing_plans", id: randomUUID(), values: { plan_name: "P" } };
    await finalize(db, { runId }, { status: "completed", artifacts: [plan] });
    expect((await readRun(db, runId)).status).toBe("completed");

    await db.query("delete from public.workspaces where id = $1", [tenant.workspaceId]);
    expect(await db.query("select from public.agent_runs where id = $1", [runId])).toEqual([]);
  }));
