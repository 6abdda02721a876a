/** One run, from the claim to an ending or a release, on the real ledger, log and gateway's wire. */
import { randomUUID } from "node:crypto";
import { END_SEQ, type Run } from "@cmo/shared/contract";
import { newRunId } from "@cmo/shared/runtime";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, test } from "vitest";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { handleById } from "../support/handle-by-id.ts";
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
  const handled = handleById(deps, id);
  await eventually(
    () => logIds(id),
    (ids) => ids.includes("1-1"),
  );
  return { id, handled };
}

describe("a run that is worked on", () => {
  test("it ends with the text that its log holds, and the log is closed after it", async () => {
    const id = await submit();
    await handleById(worker, id);
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
    await handleById({ ...worker, ledger }, id);
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
    await handleById({ ...worker, ledger }, id);
    expect(toldBefore).toEqual([false]);
    expect(await logIds(id)).toContain(`1-${END_SEQ}`);
  });

  test("a worker whose clock is a day ahead gives it its whole time", async () => {
    const id = await submit();
    const clock = { ...worker.clock, now: () => Date.now() + 86_400_000 };
    await handleById({ ...worker, clock }, id);
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
    await handleById({ ...worker, ledger }, id);
    const row = await rowOf(id);
    expect(row).toMatchObject({ status: "failed", error_code: "artifacts_rejected" });
    expect(row.text_length).toBeGreaterThan(0);
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
    await handleById({ ...worker, ledger }, id);
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

  test("a heartbeat whose answer does not come is given up while there is time for another", async () => {
    const slow = { WORKER_HEARTBEAT_MS: "1500" };
    const deps = await openWorkerDeps({ SUPABASE_URL: await startSilentServer(), ...slow });
    const startedAt = performance.now();
    await expect(heartbeat(deps)).rejects.toMatchObject({ code: "database_unavailable" });
    expect(performance.now() - startedAt).toBeLessThan(4 * 1500);
  });
});
