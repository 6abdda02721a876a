/** Submissions of one tenant over twelve connections: exactly as many as the limits say. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Caller,
  type Database,
  inRollback,
  openDatabase,
  refusalOf,
} from "../../test/support/database.ts";
import {
  type Limits,
  limitTenant,
  unlimitTenant,
  withinMinute,
} from "../../test/support/limits.ts";
import { cancel, createRun } from "./support/ledger.ts";
import { addMember, createTenant, deleteTenant, type Tenant } from "./support/tenant.ts";

const CONNECTIONS = 12;
const EACH = 6;

const first = await openDatabase();
const { query } = first;
const others = await Promise.all(Array.from({ length: CONNECTIONS - 1 }, openDatabase));
const connections = [first, ...others];
afterAll(() => Promise.all(connections.map((db) => db.close())));

let tenant: Tenant;
const tenants: Tenant[] = [];
async function renewTenant(): Promise<void> {
  tenant = await createTenant(first);
  tenants.push(tenant);
}
beforeEach(renewTenant);
afterEach(async () => {
  for (const one of tenants.splice(0)) {
    await unlimitTenant(query, one.tenantId);
    await deleteTenant(first, one);
  }
});

/** `accepted`, or the code of the refusal. */
async function tryCreate(
  db: Database,
  caller: Caller,
  args: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const created = createRun(db, caller, args);
  const outcome = await created.then(
    (answer) => (answer.created ? "accepted" : "repeated"),
    () => null,
  );
  return outcome ?? (await refusalOf(created)).message;
}

function countOf(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

/** Every connection submits some runs, one after the other. */
async function submitAtOnce(caller: Caller, args = () => ({})): Promise<Record<string, number>> {
  const submitSome = async (db: Database) => {
    const outcomes: string[] = [];
    for (let i = 0; i < EACH; i += 1) outcomes.push(await tryCreate(db, caller, args()));
    return outcomes;
  };
  return countOf((await Promise.all(connections.map(submitSome))).flat());
}

const LIMITS: readonly [Limits, number, string][] = [
  [{ runs_per_minute: 25 }, 25, "rate_limited"],
  [{ user_runs_per_minute: 25 }, 25, "rate_limited"],
  [{ max_queued: 17 }, 17, "queue_full"],
];

test.each(LIMITS)("of many at once %j accepts exactly %d", (limits, accepted, code) =>
  withinMinute(async () => {
    await renewTenant();
    await limitTenant(query, tenant.tenantId, limits);
    expect(await submitAtOnce(tenant.owner)).toEqual({
      accepted,
      [code]: CONNECTIONS * EACH - accepted,
    });
  }),
);

test("of parallel requests with one id or one key, one counts and the others repeat it", () =>
  withinMinute(async () => {
    await renewTenant();
    await limitTenant(query, tenant.tenantId, { runs_per_minute: 2, max_queued: 2 });
    const [p_id, p_idempotency_key] = [newRunId(), randomUUID()];
    const repeats = CONNECTIONS * EACH - 1;
    expect(await submitAtOnce(tenant.owner, () => ({ p_id }))).toEqual({
      accepted: 1,
      repeated: repeats,
    });
    expect(await submitAtOnce(tenant.owner, () => ({ p_idempotency_key }))).toEqual({
      accepted: 1,
      repeated: repeats,
    });
    expect(await tryCreate(first, tenant.owner)).toBe("queue_full");
  }));

describe("retries of one run", () => {
  async function finishedRun(): Promise<string> {
    const { run } = await createRun(first, tenant.owner);
    await cancel(first, tenant.owner, run.id);
    return run.id;
  }

  test("of parallel ones, by whomever, exactly one is accepted, and the refusals name it", async () => {
    const p_retry_of = await finishedRun();
    const colleague = await addMember(first, tenant.workspaceId, "member");
    const outcomes = await Promise.all(
      connections.map((db, i) => tryCreate(db, i % 2 ? colleague : tenant.owner, { p_retry_of })),
    );
    expect(countOf(outcomes)).toEqual({ accepted: 1, retry_in_flight: CONNECTIONS - 1 });

    const [retry] = await query<{ id: string }>(
      "select id from public.agent_runs where retry_of = $1",
      [p_retry_of],
    );
    const { code, detail } = await refusalOf(createRun(first, tenant.owner, { p_retry_of }));
    expect(code).toBe("PT409");
    expect(JSON.parse(detail ?? "")).toMatchObject({ run_id: retry?.id });
    expect(detail).toContain(`Run ${retry?.id} is already a retry`);
  });

  test("after the end of one, the next is accepted; a repeat of it is no second retry", async () => {
    const args = { p_retry_of: await finishedRun(), p_idempotency_key: randomUUID() };
    const { run } = await createRun(first, tenant.owner, args);
    expect(await tryCreate(first, tenant.owner, args)).toBe("repeated");
    await cancel(first, tenant.owner, run.id);
    expect(await tryCreate(first, tenant.owner, { p_retry_of: args.p_retry_of })).toBe("accepted");
  });
});

describe("while a tenant submits", () => {
  /** Another connection is about to accept a run of this tenant. */
  async function whileSubmitting(work: (db: Database) => Promise<void>): Promise<void> {
    await createRun(first, tenant.owner);
    await first.query("begin");
    try {
      const args = [tenant.tenantId, tenant.owner.userId, newRunId()];
      await first.query("select private.lock_submissions($1, $2, $3)", args);
      await inRollback(work);
    } finally {
      await first.query("rollback");
    }
  }

  test("another tenant does not wait", () =>
    whileSubmitting(async (db) => {
      const other = await createTenant(db);
      expect((await createRun(db, other.owner)).created).toBe(true);
    }));

  test("what would be refused does not wait either", async () => {
    for (const limits of [{ max_queued: 1 }, { runs_per_day: 1 }]) {
      await renewTenant();
      await limitTenant(query, tenant.tenantId, limits);
      await whileSubmitting(async (db) => {
        await db.query("set local lock_timeout = '5s'");
        expect(await tryCreate(db, tenant.owner)).toMatch(/^(queue_full|rate_limited)$/);
      });
    }
  });
});
