/** What a slot does with a job: it claims until nobody waits, whatever the job names. */
import { randomUUID } from "node:crypto";
import { END_SEQ, type Run } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, test } from "vitest";
import { createClaimNextRun } from "../../apps/worker/src/claim-next-run.ts";
import { handleRun } from "../../apps/worker/src/handle-run.ts";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { takeRuns } from "../../apps/worker/src/take-runs.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { openUserRuns, type UserRunsOfTest } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

async function openTenant() {
  const own = await openUserRuns();
  const deps = await openWorkerDeps({ WORKER_TENANTS: own.tenantId });
  await eventually(
    () => heartbeat(deps).catch(() => null),
    (held) => held !== null,
  );
  const beating = setInterval(() => void heartbeat(deps).catch(() => {}), 500);
  closeAfter(() => clearInterval(beating));
  return { ...own, deps };
}

function newSlot(deps: WorkerDeps, draining = new AbortController().signal) {
  const named: string[] = [];
  const taking = {
    ...deps,
    claimNextRun: createClaimNextRun(deps, draining),
    handleRun: (claimed: Parameters<typeof handleRun>[1]) => handleRun(deps, claimed),
    draining,
  };
  const take = (runId: string = randomUUID(), isRedelivered = false) =>
    takeRuns(taking, { runId, isRedelivered, worksOn: (id) => void named.push(id) });
  return { take, named };
}

async function rowOf({ runs }: UserRunsOfTest, id: string): Promise<Run> {
  const row = await runs.find(id);
  if (!row) throw new Error("The run is gone");
  return row;
}

const logIds = async (deps: WorkerDeps, id: string) =>
  (await deps.runLog.read(id, null, 10_000)).map((entry) => entry.id);

describe("a job", () => {
  test("is worked off until nobody waits, in the order of the ledger", async () => {
    const own = await openTenant();
    const ids = [await own.submit(), await own.submit(), await own.submit()];
    const { take, named } = newSlot(own.deps);
    expect(await take(ids[2])).toBe("done");
    expect(named).toEqual(ids);
    for (const id of ids) expect(await rowOf(own, id)).toMatchObject({ status: "completed" });
  });

  test("is done when nobody waits, and then asks once", async () => {
    const { deps } = await openTenant();
    let asked = 0;
    const ledger: WorkerDeps["ledger"] = {
      ...deps.ledger,
      claimNext: (...call) => {
        asked += 1;
        return deps.ledger.claimNext(...call);
      },
    };
    const { take, named } = newSlot({ ...deps, ledger });
    expect(await take()).toBe("done");
    expect([asked, named]).toEqual([1, []]);
  });

  test("leaves a run of another tenant to its worker", async () => {
    const [own, foreign] = [await openTenant(), await openTenant()];
    const id = await foreign.submit();
    expect(await newSlot(own.deps).take(id)).toBe("done");
    expect(await rowOf(foreign, id)).toMatchObject({ phase: "queued", attempt: 0 });
  });

  test("that was delivered again announces the end that its process had no time for", async () => {
    const own = await openTenant();
    const id = await own.submit();
    await own.runs.cancel(id);
    const { take } = newSlot(own.deps);
    await take(id, false);
    expect(await logIds(own.deps, id)).toEqual([]);
    await take(id, true);
    expect(await logIds(own.deps, id)).toEqual([`0-${END_SEQ}`]);
  });

  test("that was delivered again announces nothing for a run that goes on", async () => {
    const own = await openTenant();
    const id = await own.submit("Wait [[fault:hang-mid-stream]]");
    expect(await own.deps.ledger.claim(id, own.deps.identity.id)).toMatchObject({
      kind: "claimed",
    });
    await newSlot(own.deps).take(id, true);
    expect(await logIds(own.deps, id)).toEqual([]);
  });

  test("is returned by a process that stops before it has asked", async () => {
    const own = await openTenant();
    const id = await own.submit();
    expect(await newSlot(own.deps, AbortSignal.abort()).take(id)).toBe("returned");
    expect(await rowOf(own, id)).toMatchObject({ phase: "queued", attempt: 0 });
  });
});

describe("a claim", () => {
  test("that meets an outage is asked for again, and its job is kept", async () => {
    const own = await openTenant();
    const id = await own.submit();
    let asked = 0;
    const ledger: WorkerDeps["ledger"] = {
      ...own.deps.ledger,
      async claimNext(...call) {
        asked += 1;
        if (asked < 4) throw new AppError("database_unavailable", "Away.");
        return own.deps.ledger.claimNext(...call);
      },
    };
    expect(await newSlot({ ...own.deps, ledger }).take(id)).toBe("done");
    expect(await rowOf(own, id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("a cancel that comes before the answer asks the gateway nothing", async () => {
    const own = await openTenant();
    const id = await own.submit();
    const ledger: WorkerDeps["ledger"] = {
      ...own.deps.ledger,
      async claimNext(...call) {
        const claim = await own.deps.ledger.claimNext(...call);
        await own.runs.cancel(id);
        own.deps.live.abort(id, null, "cancelled");
        return claim;
      },
    };
    await newSlot({ ...own.deps, ledger }).take(id);
    const row = await rowOf(own, id);
    expect(row).toMatchObject({ status: "cancelled", text_length: 0, usage: null });
  });

  test("that is answered after its worker was lost starts nothing", async () => {
    const own = await openTenant();
    const id = await own.submit();
    const ledger: WorkerDeps["ledger"] = {
      ...own.deps.ledger,
      async claimNext(...call) {
        const claim = await own.deps.ledger.claimNext(...call);
        if (claim.kind === "claimed") own.deps.identity.id = randomUUID();
        return claim;
      },
    };
    await newSlot({ ...own.deps, ledger }).take(id);
    expect(await logIds(own.deps, id)).toEqual([]);
  });

  test.each([
    ["lapsed", "update public.workers set lease_expires_at = now() - interval '1 s' where id = $1"],
    ["lost", "update public.workers set lost_at = now() where id = $1"],
  ])("of a worker whose lease is %s is asked for again after a heartbeat", async (_, how) => {
    const own = await openUserRuns();
    const deps = await openWorkerDeps({ WORKER_TENANTS: own.tenantId });
    await heartbeat(deps);
    await query(how, [deps.identity.id]);
    const ids = await Promise.all([own.submit(), own.submit(), own.submit()]);
    const { take } = newSlot(deps);
    await Promise.all(ids.map((id) => take(id)));
    for (const id of ids)
      expect(await rowOf(own, id)).toMatchObject({ status: "completed", attempt: 1 });
  });
});
