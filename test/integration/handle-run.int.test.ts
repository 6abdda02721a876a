/** One job, from the claim to an ending or a release, on the real ledger, log and gateway's wire. */
import { randomUUID } from "node:crypto";
import { END_SEQ, type Run } from "@cmo/shared/contract";
import { AppError, newRunId } from "@cmo/shared/runtime";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, test } from "vitest";
import { handleRun } from "../../apps/worker/src/handle-run.ts";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { startSilentServer } from "../support/silent-server.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { runs, submit } = await openUserRuns();

/** A worker whose lease is kept while the test runs. */
async function openWorker(change: (deps: WorkerDeps) => Partial<WorkerDeps> = () => ({})) {
  const opened = await openWorkerDeps();
  const deps = { ...opened, ...change(opened) };
  // The first answer of a stack that has just started may take longer than a beat waits.
  await eventually(
    () => heartbeat(deps).catch(() => null),
    (held) => held !== null,
  );
  const beating = setInterval(() => void heartbeat(deps).catch(() => {}), 500);
  closeAfter(() => clearInterval(beating));
  return deps;
}

const worker = await openWorker();

async function rowOf(id: string): Promise<Run> {
  const row = await runs.find(id);
  if (!row) throw new Error("The run is gone");
  return row;
}

const logIds = async (id: string) =>
  (await worker.runLog.read(id, null, 10_000)).map((entry) => entry.id);

/** Begins a run that speaks and then hangs. */
async function startHanging(deps = worker, runId: string = newRunId()) {
  const id = await submit("Wait [[fault:hang-mid-stream]]", { id: runId });
  const handled = handleRun(deps, id);
  await eventually(
    () => logIds(id),
    (ids) => ids.includes("1-1"),
  );
  return { id, handled };
}

describe("a job that there is nothing to do for", () => {
  test("its run is unknown", async () => {
    const id = randomUUID();
    await handleRun(worker, id);
    expect(await logIds(id)).toEqual([]);
  });

  test("its run is held by another worker, and stays as it is", async () => {
    const id = await submit();
    const other = await openWorker();
    expect(await other.ledger.claim(id, other.identity.id)).toMatchObject({ kind: "claimed" });
    await handleRun(worker, id);
    expect(await rowOf(id)).toMatchObject({ phase: "active", attempt: 1 });
    expect(await logIds(id)).toEqual([]);
  });

  test("its run has ended, and whoever ended it may have died before saying so", async () => {
    const id = await submit();
    await runs.cancel(id);
    await handleRun(worker, id);
    expect(await rowOf(id)).toMatchObject({ status: "cancelled", attempt: 0 });
    expect(await logIds(id)).toEqual([`0-${END_SEQ}`]);
  });
});

describe("a run that is worked on", () => {
  test("it ends with the text that its log holds, and the log is closed after it", async () => {
    const id = await submit();
    await handleRun(worker, id);
    const row = await rowOf(id);
    expect(row).toMatchObject({ status: "completed", attempt: 1 });
    const entries = await worker.runLog.read(id, null, 10_000);
    const text = entries.map(({ data }) => JSON.parse(data).text ?? "").join("");
    expect(text).toBe(row.output_text);
    expect(text.length).toBe(row.text_length);
    expect(entries.map((entry) => entry.id)).toEqual([
      ...entries.slice(1).map((_, seq) => `1-${seq}`),
      `1-${END_SEQ}`,
    ]);
    expect(worker.live.size).toBe(0);
  });

  test("a cancel that was accepted wins over the answer that is ready", async () => {
    const id = await submit();
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async finalize(...call) {
        await runs.cancel(id);
        return worker.ledger.finalize(...call);
      },
    };
    await handleRun({ ...worker, ledger }, id);
    expect(await rowOf(id)).toMatchObject({ status: "cancelled", output: null });
    expect(await logIds(id)).toContain(`1-${END_SEQ}`);
  });

  test("its end is logged only after the ledger has it", async () => {
    const id = await submit();
    const toldBefore: boolean[] = [];
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async finalize(...call) {
        toldBefore.push((await logIds(id)).includes(`1-${END_SEQ}`));
        return worker.ledger.finalize(...call);
      },
    };
    await handleRun({ ...worker, ledger }, id);
    expect(toldBefore).toEqual([false]);
    expect(await logIds(id)).toContain(`1-${END_SEQ}`);
  });

  test("a worker whose clock is a day ahead gives it its whole time", async () => {
    const id = await submit();
    const clock = { ...worker.clock, now: () => Date.now() + 86_400_000 };
    await handleRun({ ...worker, clock }, id);
    expect(await rowOf(id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("a cancel ends it with the text that was said, whatever id a user gave it", async () => {
    const { id, handled } = await startHanging(worker, "00000000-0000-7000-8000-0000000000aa");
    await runs.cancel(id);
    await handled;
    const row = await rowOf(id);
    expect(row.status).toBe("cancelled");
    expect(row.output_text?.length).toBe(row.text_length);
    expect(row.text_length).toBeGreaterThan(0);
  });

  test("what the tables refuse fails the run, and its text is kept", async () => {
    const id = await submit(undefined, { save: true });
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      finalize: (ref, result) => {
        const row = { table: "cmo_marketing_plans", id: randomUUID(), values: { x: 1 } };
        const artifacts = [{ ...row, warnings: [] }];
        return worker.ledger.finalize(ref, { ...result, artifacts });
      },
    };
    await handleRun({ ...worker, ledger }, id);
    const row = await rowOf(id);
    expect(row).toMatchObject({ status: "failed", error_code: "artifacts_rejected" });
    expect(row.text_length).toBeGreaterThan(0);
  });

  test("a cancel that comes before its claim is answered asks the gateway nothing", async () => {
    const id = await submit();
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async claim(...call) {
        const claim = await worker.ledger.claim(...call);
        await runs.cancel(id);
        worker.live.abort(id, null, "cancelled");
        return claim;
      },
    };
    await handleRun({ ...worker, ledger }, id);
    expect(await rowOf(id)).toMatchObject({ status: "cancelled", text_length: 0, usage: null });
  });

  test("a claim that meets a moment's trouble is asked for again", async () => {
    const id = await submit();
    let asked = 0;
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async claim(...call) {
        asked += 1;
        if (asked < 3) throw new AppError("database_unavailable", "Away.");
        return worker.ledger.claim(...call);
      },
    };
    await handleRun({ ...worker, ledger }, id);
    expect(await rowOf(id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("an agent that this worker does not know is left to one that does", async () => {
    const id = await submit();
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async claim(...call) {
        const claim = await worker.ledger.claim(...call);
        if (claim.kind !== "claimed") return claim;
        return { ...claim, run: { ...claim.run, agent: "cmo-of-tomorrow" } };
      },
    };
    await handleRun({ ...worker, ledger }, id);
    expect(await rowOf(id)).toMatchObject({ status: "running", phase: "queued", attempt: 1 });
  });

  test("a drain gives it back with its text, for whoever is next", async () => {
    const { id, handled } = await startHanging();
    worker.live.abort(id, 1, "drain");
    await handled;
    const row = await rowOf(id);
    expect(row).toMatchObject({ status: "running", phase: "queued", attempt: 1 });
    expect(row.text_length).toBeGreaterThan(0);
    expect(await logIds(id)).not.toContain(`1-${END_SEQ}`);
  });

  test("when its time is over its worker ends it, with the text that was said", async () => {
    const ledger: WorkerDeps["ledger"] = {
      ...worker.ledger,
      async claim(...call) {
        const claim = await worker.ledger.claim(...call);
        if (claim.kind !== "claimed") return claim;
        const deadline_at = new Date(Date.parse(claim.run.claimed_at) + 500).toISOString();
        return { ...claim, run: { ...claim.run, deadline_at } };
      },
    };
    const { id, handled } = await startHanging({ ...worker, ledger });
    await handled;
    const row = await rowOf(id);
    expect(row).toMatchObject({ status: "failed", error_code: "deadline_exceeded" });
    expect(row.error_message).toMatch(/exceeded its time limit/);
    expect(row.text_length).toBeGreaterThan(0);
    expect(await logIds(id)).toContain(`1-${END_SEQ}`);
  });
});

describe("a worker and its lease", () => {
  test("a run whose worker was lost is dropped, whatever came of it", async () => {
    const lost = await openWorker();
    const { id, handled } = await startHanging(lost);
    const { id: workerId } = lost.identity;
    await query("update public.workers set lost_at = now() where id = $1", [workerId]);
    await handled;
    // Its writer may have heard of it before its next beat does.
    await eventually(
      () => lost.identity.id,
      (now) => now !== workerId,
    );
    expect((await rowOf(id)).status).toBe("running");
    expect(await logIds(id)).not.toContain(`1-${END_SEQ}`);
  });

  test.each([
    ["lapsed", "update public.workers set lease_expires_at = now() - interval '1 s' where id = $1"],
    ["lost", "update public.workers set lost_at = now() where id = $1"],
  ])("one whose lease is %s sends a heartbeat before it gives a job up", async (_, how) => {
    const deps = await openWorkerDeps();
    await heartbeat(deps);
    await query(how, [deps.identity.id]);
    const ids = await Promise.all([submit(), submit(), submit()]);
    await Promise.all(ids.map((id) => handleRun(deps, id)));
    for (const id of ids)
      expect(await rowOf(id)).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("a claim that is answered after its worker was lost starts nothing", async () => {
    const id = await submit();
    const late = await openWorker((deps) => ({
      ledger: {
        ...deps.ledger,
        async claim(...call) {
          const claim = await deps.ledger.claim(...call);
          if (claim.kind === "claimed") deps.identity.id = randomUUID();
          return claim;
        },
      },
    }));
    await handleRun(late, id);
    expect(await logIds(id)).toEqual([]);
  });

  test("a heartbeat whose answer does not come is given up while there is time for another", async () => {
    const slow = { WORKER_HEARTBEAT_MS: "1500" };
    const deps = await openWorkerDeps({ SUPABASE_URL: await startSilentServer(), ...slow });
    const startedAt = performance.now();
    await expect(heartbeat(deps)).rejects.toMatchObject({ code: "database_unavailable" });
    expect(performance.now() - startedAt).toBeLessThan(4 * 1500);
  });
});
