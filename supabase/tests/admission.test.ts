/** What a tenant and its users may submit: each limit at its boundary, and what does not count. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { type Caller, type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { type LimitRefusal, limitTenant, withinMinute } from "../../test/support/limits.ts";
import { cancel, claim, createRun, startElder, startWorker, sweep } from "./support/ledger.ts";
import { completeStep, createPipeline } from "./support/pipelines.ts";
import { addMember, createTenant, type Tenant } from "./support/tenant.ts";

interface Accepted {
  readonly rate_limit: Omit<LimitRefusal, "message" | "retry_after">;
}

/** A tenant of its own for each attempt, in a minute that does not change meanwhile. */
function withTenant(work: (db: Database, tenant: Tenant) => Promise<void>): Promise<void> {
  return withinMinute(() => inRollback(async (db) => work(db, await createTenant(db))));
}

async function submit(db: Database, caller: Caller): Promise<Accepted> {
  return (await createRun(db, caller)) as unknown as Accepted;
}

async function refusedSubmit(db: Database, caller: Caller) {
  const { code, message, detail } = await refusalOf(createRun(db, caller));
  return { code: `${code} ${message}`, ...(JSON.parse(detail ?? "{}") as LimitRefusal) };
}

/** Moves what was counted into the past. */
function letPass(db: Database, { tenantId }: Tenant, time: string): Promise<unknown> {
  return db.query(
    `update private.submission_counts set counted_at = counted_at - $2::interval,
       counted_on = counted_on - 1
     where tenant_id = $1`,
    [tenantId, time],
  );
}

const WINDOWS = [
  ["tenant", "minute", "runs_per_minute", "1 minute"],
  ["tenant", "hour", "runs_per_hour", "1 hour"],
  ["tenant", "day", "runs_per_day", "24 hours"],
  ["user", "minute", "user_runs_per_minute", "1 minute"],
  ["user", "hour", "user_runs_per_hour", "1 hour"],
  ["user", "day", "user_runs_per_day", "24 hours"],
] as const;

describe.each(WINDOWS)("runs of a %s in one %s", (scope, window, column, length) => {
  test("exactly as many are accepted as the limit says, and the next window begins at zero", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { [column]: 2 });
      const left = [await submit(db, tenant.owner), await submit(db, tenant.owner)];
      expect(left.map(({ rate_limit }) => rate_limit)).toMatchObject([
        { scope, window, limit: 2, remaining: 1 },
        { scope, window, limit: 2, remaining: 0 },
      ]);

      const refused = await refusedSubmit(db, tenant.owner);
      expect(refused).toMatchObject({
        code: "PT429 rate_limited",
        scope,
        window,
        limit: 2,
        remaining: 0,
      });
      expect(refused.message).toContain(`The next ${window} begins at`);
      expect(refused.reset).toBe(refused.retry_after);
      const seconds = (Date.parse(refused.opens_at ?? "") - Date.now()) / 1000;
      expect(Math.abs(seconds - refused.retry_after)).toBeLessThan(5);

      await letPass(db, tenant, length);
      expect((await submit(db, tenant.owner)).rate_limit).toMatchObject({ remaining: 1 });
    }));

  test("of a colleague and of another tenant nothing is taken", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { [column]: 1 });
      const colleague = await addMember(db, tenant.workspaceId, "member");
      await submit(db, tenant.owner);
      await refusedSubmit(db, tenant.owner);
      await createRun(db, (await createTenant(db)).owner);
      if (scope === "user") await submit(db, colleague);
      else expect(await refusedSubmit(db, colleague)).toMatchObject({ scope: "tenant" });
    }));
});

describe("runs that wait for a worker", () => {
  test("as many as the cap; a claim and a cancel make room for one more", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { max_queued: 2 });
      const [one, two] = [await createRun(db, tenant.owner), await createRun(db, tenant.owner)];
      expect(await refusedSubmit(db, tenant.owner)).toMatchObject({
        code: "PT429 queue_full",
        scope: "tenant",
        window: "queue",
        limit: 2,
        remaining: 0,
        opens_at: null,
      });
      await claim(db, one.run.id, await startWorker(db));
      await submit(db, tenant.owner);
      await refusedSubmit(db, tenant.owner);
      await cancel(db, tenant.owner, two.run.id);
      await submit(db, tenant.owner);
      await refusedSubmit(db, tenant.owner);
    }));

  test("a cap of none refuses every run", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { max_queued: 0 });
      expect((await refusedSubmit(db, tenant.owner)).code).toBe("PT429 queue_full");
    }));

  test("a full queue is named before a window that is used up", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { max_queued: 1, runs_per_day: 1 });
      await submit(db, tenant.owner);
      expect((await refusedSubmit(db, tenant.owner)).code).toBe("PT429 queue_full");
    }));
});

test("of several windows that are used up, the one that opens last is named", () =>
  withTenant(async (db, tenant) => {
    const limits = { runs_per_minute: 1, user_runs_per_minute: 1, user_runs_per_day: 1 };
    await limitTenant(db.query, tenant.tenantId, limits);
    await submit(db, tenant.owner);
    expect(await refusedSubmit(db, tenant.owner)).toMatchObject({ scope: "user", window: "day" });
  }));

test("the window with the fewest runs left is shown with an accepted run", () =>
  withTenant(async (db, tenant) => {
    await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 9, user_runs_per_hour: 3 });
    expect((await submit(db, tenant.owner)).rate_limit).toMatchObject({
      scope: "user",
      window: "hour",
      remaining: 2,
      rates: { tenant: { minute: 9 }, user: { hour: 3 } },
    });
  }));

describe("what does not count, and what stays counted", () => {
  test("a repeat is answered with its run, however little is left", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 2, max_queued: 2 });
      const byKey = { p_idempotency_key: randomUUID() };
      const byId = { p_id: newRunId() };
      const first = [await createRun(db, tenant.owner, byKey)];
      first.push(await createRun(db, tenant.owner, byId));
      for (const same of [byKey, byId, byKey, byId]) {
        expect((await createRun(db, tenant.owner, same)).created).toBe(false);
      }
      await refusedSubmit(db, tenant.owner);
      expect(new Set(first.map(({ run }) => run.id)).size).toBe(2);
    }));

  test("a refused run uses up nothing", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { user_runs_per_minute: 1, runs_per_hour: 2 });
      const colleague = await addMember(db, tenant.workspaceId, "member");
      await submit(db, tenant.owner);
      for (let i = 0; i < 3; i += 1) await refusedSubmit(db, tenant.owner);
      expect((await submit(db, colleague)).rate_limit).toMatchObject({ remaining: 0 });
    }));

  test("who cancels and creates in a loop gets nothing back", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 3, max_queued: 1 });
      for (let i = 0; i < 3; i += 1) {
        await cancel(db, tenant.owner, (await createRun(db, tenant.owner)).run.id);
      }
      expect((await refusedSubmit(db, tenant.owner)).code).toBe("PT429 rate_limited");
    }));

  test("counts of yesterday are swept, those of today are kept", () =>
    withTenant(async (db, tenant) => {
      const other = await createTenant(db);
      await submit(db, tenant.owner);
      await submit(db, other.owner);
      await letPass(db, other, "24 hours");
      await sweep(db, await startElder(db));
      const left = await db.query<{ tenant_id: string }>(
        "select distinct tenant_id from private.submission_counts where tenant_id = any ($1)",
        [[tenant.tenantId, other.tenantId]],
      );
      expect(left).toEqual([{ tenant_id: tenant.tenantId }]);
    }));
});

test("a submission counts when it is admitted, not when it began to wait", () =>
  withTenant(async (db, tenant) => {
    await submit(db, tenant.owner);
    const counted = await db.query(
      `select counted_at > now() as later from private.submission_counts
       where tenant_id = $1 and user_id is null`,
      [tenant.tenantId],
    );
    expect(counted).toEqual([{ later: true }]);
  }));

describe("limits of one tenant", () => {
  test("a change works from the next submission on, in both directions", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 1 });
      await submit(db, tenant.owner);
      await refusedSubmit(db, tenant.owner);
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 2 });
      await submit(db, tenant.owner);
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 1 });
      expect(await refusedSubmit(db, tenant.owner)).toMatchObject({ limit: 1, remaining: 0 });
    }));

  test("an override holds until its end, and then the defaults", () =>
    withTenant(async (db, tenant) => {
      const until = "now() + interval '1 second'";
      await limitTenant(db.query, tenant.tenantId, { runs_per_minute: 0 });
      const setEnd = (end: string) =>
        db.query(`update private.tenant_limits set until = ${end} where tenant_id = $1`, [
          tenant.tenantId,
        ]);
      await setEnd(until);
      await refusedSubmit(db, tenant.owner);
      await setEnd("now()");
      await submit(db, tenant.owner);
    }));
});

describe("a pipeline", () => {
  test("is admitted with its first step, and its later steps with it", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { runs_per_day: 1 });
      const accepted = await createPipeline(db, tenant.owner);
      expect(accepted).toMatchObject({ created: true, rate_limit: { remaining: 0 } });
      await completeStep(db, accepted.pipeline.id);
      expect((await completeStep(db, accepted.pipeline.id)).next).toBeDefined();
    }));

  test("is refused whole where its first step is", () =>
    withTenant(async (db, tenant) => {
      await limitTenant(db.query, tenant.tenantId, { runs_per_day: 0 });
      const refusal = await refusalOf(createPipeline(db, tenant.owner));
      expect(refusal).toMatchObject({ code: "PT429", message: "rate_limited" });
      const rows = await db.query("select from public.pipelines where tenant_id = $1", [
        tenant.tenantId,
      ]);
      expect(rows).toEqual([]);
    }));
});

test("the limits of streams are those of one's own tenant, and nobody else's", () =>
  withTenant(async (db, tenant) => {
    const other = await createTenant(db);
    await limitTenant(db.query, tenant.tenantId, { max_streams: 7, max_user_streams: 3 });
    const ask = (caller: Caller, args = {}) => db.call(caller, "stream_limits", args);
    const own = { tenant_id: tenant.tenantId, max_streams: 7, max_user_streams: 3 };
    expect(await ask(tenant.owner)).toEqual(own);
    expect(await ask(tenant.owner, { p_workspace_id: tenant.workspaceId })).toEqual(own);
    const foreign = ask(other.owner, { p_workspace_id: tenant.workspaceId });
    expect(await refusalOf(foreign)).toMatchObject({ message: "workspace_forbidden" });
  }));
