/** What the report of usage and the typical costs add up, and for whom. */
import { describe, expect, test } from "vitest";
import {
  anon,
  type Caller,
  type Database,
  inRollback,
  refusalOf,
} from "../../test/support/database.ts";
import { claim, createRun, finalize, release, startWorker } from "./support/ledger.ts";
import { addMember, addWorkspace, createTenant, type Tenant } from "./support/tenant.ts";

const FLASH = "google/gemini-2.5-flash";
/** At $0.30 and $2.50 for a million tokens: 2 800 micros. */
const USAGE = {
  prompt_tokens: 1000,
  completion_tokens: 1000,
  total_tokens: 2000,
  cached_tokens: 0,
};

const call = (members: object = {}) => ({
  call: 1,
  purpose: "answer",
  model: FLASH,
  usage: USAGE,
  ...members,
});

interface Figures {
  readonly key: string;
  readonly name: string | null;
  readonly runs: number;
  readonly attempts: number;
  readonly calls: number;
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly completion_tokens: number;
  readonly cost_micros: number;
  readonly estimated_micros: number;
  readonly unpriced_calls: number;
}

interface Report {
  readonly from: string;
  readonly to: string;
  readonly time_zone: string;
  readonly rows: readonly Figures[];
  readonly totals: Figures;
  readonly truncated: boolean;
}

const report = (db: Database, who: Caller, args: object = {}) =>
  db.call<Report>(who, "usage_report", { p_group_by: "workspace", ...args });

/** A finished run with so many attempts, the last of which completes it. */
async function spend(
  db: Database,
  who: Caller,
  attempts: readonly (readonly object[])[],
  args: object = {},
): Promise<string> {
  const workerId = await startWorker(db);
  const { run } = await createRun(db, who, { ...args });
  for (const [index, calls] of attempts.entries()) {
    await claim(db, run.id, workerId);
    const at = { runId: run.id, attempt: index + 1 };
    const isLast = index === attempts.length - 1;
    if (isLast) await finalize(db, at, { status: "completed", calls });
    else await release(db, at, { kind: "drain", delay_ms: 0, calls });
  }
  return run.id;
}

const moveTo = (db: Database, runId: string, at: string) =>
  db.query("update public.agent_run_attempts set started_at = $2 where run_id = $1", [runId, at]);

const twoWorkspaces = async (db: Database): Promise<Tenant & { second: string }> => {
  const tenant = await createTenant(db);
  const second = await addWorkspace(db, {
    tenantId: tenant.tenantId,
    ownerId: tenant.owner.userId ?? "",
  });
  return { ...tenant, second };
};

describe("the report of usage", () => {
  test("adds up every attempt, and says how much of it is an estimate", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      await spend(db, owner, [[call({ estimated: true })], [call(), call({ purpose: "repair" })]]);
      await spend(db, owner, [
        [call({ usage: { ...USAGE, cached_tokens: 500, total_tokens: 2400 } })],
      ]);
      await spend(db, owner, [[call({ model: "no/body" }), call({ usage: null })]]);
      const { rows, totals, truncated } = await report(db, owner);
      const figures = {
        ...{ runs: 3, attempts: 4, calls: 6, unpriced_calls: 1 },
        ...{ prompt_tokens: 5000, cached_tokens: 500, completion_tokens: 5400 },
        ...{ cost_micros: 3 * 2800 + 3665, estimated_micros: 2800 },
      };
      expect(rows).toMatchObject([{ key: workspaceId, ...figures }]);
      expect(totals).toMatchObject(figures);
      expect(truncated).toBe(false);
    }));

  test("is the sum of what the runs have cost, whatever it is grouped by", () =>
    inRollback(async (db) => {
      const tenant = await twoWorkspaces(db);
      const member = await addMember(db, tenant.workspaceId, "member");
      const first = { p_workspace_id: tenant.workspaceId };
      await spend(db, tenant.owner, [[call()], [call({ model: "gpt-5" })]], first);
      await spend(db, tenant.owner, [[call()]], {
        p_workspace_id: tenant.second,
        p_mode: "content",
      });
      await spend(db, member, [[call({ cost_micros: 1 })]], first);
      const [spent] = await db.query<{ micros: string }>(
        "select sum(cost_micros) as micros from public.agent_runs where tenant_id = $1",
        [tenant.tenantId],
      );
      const keys: Record<string, string[]> = {};
      for (const p_group_by of ["tenant", "workspace", "user", "mode", "model", "day"]) {
        const { rows, totals } = await report(db, tenant.owner, { p_group_by });
        const sum = rows.reduce((micros, row) => micros + row.cost_micros, 0);
        expect([sum, totals.cost_micros]).toEqual([Number(spent?.micros), Number(spent?.micros)]);
        keys[p_group_by] = rows.map(({ key }) => key);
      }
      expect(keys).toMatchObject({
        tenant: [tenant.tenantId],
        workspace: [tenant.workspaceId, tenant.second],
        user: [tenant.owner.userId, member.userId],
        mode: ["funnels", "content"],
        model: ["gpt-5", FLASH],
        day: [new Date().toISOString().slice(0, 10)],
      });
    }));

  test("has the days of its time zone, both inclusive", () =>
    inRollback(async (db) => {
      const { owner, workspaceId } = await createTenant(db);
      for (const at of [
        "2026-03-28T22:59:59Z",
        "2026-03-28T23:00:00Z",
        "2026-03-29T21:59:59Z",
        "2026-03-29T22:00:00Z",
      ]) {
        await moveTo(db, await spend(db, owner, [[call()]]), at);
      }
      // In Berlin this day has 23 hours.
      const day = { p_group_by: "day", p_from: "2026-03-29", p_to: "2026-03-29" };
      const berlin = await report(db, owner, { ...day, p_time_zone: "Europe/Berlin" });
      expect(berlin.rows).toMatchObject([{ key: "2026-03-29", runs: 2 }]);
      expect((await report(db, owner, day)).rows).toMatchObject([{ runs: 2 }]);
      await db.query("update public.workspaces set time_zone = 'Asia/Tokyo' where id = $1", [
        workspaceId,
      ]);
      const tokyo = await report(db, owner, { ...day, p_from: "2026-03-28", p_to: "2026-03-30" });
      expect(tokyo).toMatchObject({
        time_zone: "Asia/Tokyo",
        rows: [
          { key: "2026-03-29", runs: 2 },
          { key: "2026-03-30", runs: 2 },
        ],
      });
    }));

  test("is about the last 30 days if no days are named, and empty without runs", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const { from, to, rows, totals } = await report(db, owner);
      expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBe(29);
      expect([rows, totals.cost_micros, totals.runs]).toEqual([[], 0, 0]);
    }));

  test.each([
    ["another grouping", { p_group_by: "input" }, "group_by"],
    ["no time zone", { p_time_zone: "Mars" }, "time_zone"],
    ["days in the wrong order", { p_from: "2026-02-02", p_to: "2026-02-01" }, "from"],
    ["years", { p_from: "2020-01-01", p_to: "2026-02-01" }, "from"],
    ["for ever", { p_from: "-infinity", p_to: "infinity" }, "from"],
  ])("is refused for %s", async (_, args, path) =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      const refusal = await refusalOf(report(db, owner, args));
      expect(refusal).toMatchObject({ code: "PT400", message: "invalid_request" });
      expect(refusal.detail).toContain(`"path": "${path}"`);
    }),
  );

  test("shows everybody the workspaces that they may read, and no others", () =>
    inRollback(async (db) => {
      const tenant = await twoWorkspaces(db);
      const stranger = await createTenant(db);
      for (const p_workspace_id of [tenant.workspaceId, tenant.second]) {
        await spend(db, tenant.owner, [[call()]], { p_workspace_id });
      }
      await spend(db, stranger.owner, [[call()]]);
      const viewer = await addMember(db, tenant.second, "viewer");
      const keysOf = async (who: Caller) =>
        (await report(db, who)).rows.map(({ key }) => key).sort();
      expect(await keysOf(tenant.owner)).toEqual([tenant.workspaceId, tenant.second].sort());
      expect(await keysOf(viewer)).toEqual([tenant.second]);
      expect(await keysOf(stranger.owner)).toEqual([stranger.workspaceId]);
      const foreign = { p_workspace_id: tenant.workspaceId };
      for (const who of [viewer, stranger.owner]) {
        expect(await refusalOf(report(db, who, foreign))).toMatchObject({
          message: "workspace_forbidden",
        });
      }
      expect(await refusalOf(report(db, anon))).toMatchObject({ code: "42501" });
    }));
});

describe("what a run of a mode has typically cost", () => {
  const typical = (db: Database, who: Caller) =>
    db.call<Record<string, object>>(who, "typical_costs", {});

  test("is the median and the ninth decile of completed runs in the caller's workspaces", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      for (let micros = 1; micros <= 10; micros += 1) {
        await spend(db, owner, [[call({ cost_micros: 100 * micros })]]);
      }
      const workerId = await startWorker(db);
      const { run } = await createRun(db, owner);
      await claim(db, run.id, workerId);
      await finalize(
        db,
        { runId: run.id },
        { status: "failed", calls: [call({ cost_micros: 1 })] },
      );
      await spend(db, (await createTenant(db)).owner, [[call({ cost_micros: 77 })]]);
      expect(await typical(db, owner)).toEqual({
        funnels: { runs: 10, median_micros: 500, p90_micros: 900 },
      });
    }));

  test("is unknown for those who have none", () =>
    inRollback(async (db) => {
      expect(await typical(db, (await createTenant(db)).owner)).toEqual({});
    }));
});
