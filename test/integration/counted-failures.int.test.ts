/** Whatever ends an attempt without a result counts as a failure of its run. */
import { ERROR_DETAILS } from "@cmo/shared/contract";
import { expectedError } from "@cmo/shared/runtime";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, test } from "vitest";
import { heartbeat } from "../../apps/worker/src/heartbeat.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { handleById } from "../support/handle-by-id.ts";
import { newLogLines } from "../support/log-lines.ts";
import { query } from "../support/query.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { runs, submit } = await openUserRuns();
const worker = await openWorkerDeps();
await eventually(
  () => heartbeat(worker).catch(() => null),
  (held) => held !== null,
);
const beating = setInterval(() => void heartbeat(worker).catch(() => {}), 500);
closeAfter(() => clearInterval(beating));

const countsOf = (id: string) =>
  query("select phase, app_retries, infra_retries, release_reason from agent_runs where id = $1", [
    id,
  ]);
const COUNTED = { phase: "queued", app_retries: 1, infra_retries: 0, release_reason: "internal" };

const withLedger = (changes: Partial<WorkerDeps["ledger"]>): WorkerDeps => ({
  ...worker,
  ledger: { ...worker.ledger, ...changes },
});

/** A claim whose run may take a second and a half. */
const claimBriefly: WorkerDeps["ledger"]["claim"] = async (runId, workerId) => {
  const claim = await worker.ledger.claim(runId, workerId);
  if (claim.kind !== "claimed") return claim;
  const deadline_at = new Date(Date.parse(claim.run.claimed_at) + 1500).toISOString();
  await query("update agent_runs set deadline_at = $2 where id = $1", [runId, deadline_at]);
  return { ...claim, run: { ...claim.run, deadline_at } };
};

const UNSTORABLE = "m\0x\ud800";
const MEGABYTE = "x".repeat(1_000_000);

describe("text that Postgres cannot store", () => {
  test("is replaced in a result, which completes its run", async () => {
    const id = await submit();
    const deps = withLedger({
      finalize: (ref, result) => {
        const calls = result.calls.map((call) => ({ ...call, model: UNSTORABLE }));
        return worker.ledger.finalize(ref, { ...result, model: UNSTORABLE, calls });
      },
    });
    await handleById(deps, id);
    expect(await runs.find(id)).toMatchObject({ status: "completed", model: "m\ufffdx\ufffd" });
  });

  test("is replaced in a release, which counts", async () => {
    const id = await submit();
    const deps = withLedger({
      finalize: (ref, result) => {
        const { status, ...text } = result;
        const release = { ...text, kind: "failed", delay_ms: 0, code: "internal" } as const;
        const unstorable = { ...release, message: UNSTORABLE, model: UNSTORABLE };
        return worker.ledger.release(ref, unstorable);
      },
    });
    await handleById(deps, id);
    expect(await countsOf(id)).toEqual([COUNTED]);
    expect(await runs.find(id)).toMatchObject({ model: "m\ufffdx\ufffd" });
  });
});

function hostileError(): Error {
  return Object.defineProperty(new Error("hidden"), "message", {
    get() {
      throw new Error("The getter threw");
    },
  });
}

function circularError(): Error {
  const error = new Error("circular");
  error.cause = new Error("inner", { cause: error });
  return error;
}

describe("an agent that throws", () => {
  test.each([
    ["an object without a prototype", Object.create(null)],
    ["an error whose message getter throws", hostileError()],
    ["a string of 1 MB", MEGABYTE],
    ["an error with a circular cause", circularError()],
    ["an error with a message of 1 MB", new Error(MEGABYTE)],
  ])("%s: is counted, described and logged in bounded lines", async (_, thrown) => {
    const id = await submit();
    const { log, lines } = newLogLines();
    const workspaceDb = () => {
      throw thrown;
    };
    await handleById({ ...worker, log, workspaceDb }, id);
    expect(await countsOf(id)).toEqual([COUNTED]);
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(33_000);
  });

  test("ends its run at the last failure with the one sentence for internal errors", async () => {
    const id = await submit();
    await query("update agent_runs set app_retries = 2 where id = $1", [id]);
    const workspaceDb = () => {
      throw Object.create(null);
    };
    await handleById({ ...worker, workspaceDb }, id);
    const failure = { error_code: "internal", error_message: ERROR_DETAILS.internal };
    expect(await runs.find(id)).toMatchObject({ status: "failed", ...failure });
  });
});

test("a run that failed before is not asked again for an empty answer", async () => {
  const id = await submit("Grow [[fault:no-text]]");
  await query("update agent_runs set app_retries = 1 where id = $1", [id]);
  await handleById(worker, id);
  expect(await runs.find(id)).toMatchObject({ status: "failed", error_code: "incomplete_stream" });
  const calls =
    "select jsonb_array_length(calls) as calls from agent_run_attempts where run_id = $1";
  expect(await query(calls, [id])).toEqual([{ calls: 1 }]);
});

describe("a ledger that refuses every ending", () => {
  const refuse = async (): Promise<never> => {
    throw new Error("The database refused the call: 22P05");
  };

  test("the run is held, not asked again, and counted once the ledger takes its release", async () => {
    const id = await submit();
    const { log, lines } = newLogLines();
    let refused = 0;
    const deps = withLedger({
      finalize: refuse,
      release: async (ref, release) => {
        refused += 1;
        if (refused <= 3) return refuse();
        // A release of the last resort carries nothing that came from outside.
        expect(Object.keys(release).sort()).toEqual(["code", "delay_ms", "kind"]);
        expect(worker.live.list()).toContainEqual({ runId: id, attempt: 1 });
        return worker.ledger.release(ref, release);
      },
    });
    await handleById({ ...deps, log }, id);
    expect(await countsOf(id)).toEqual([COUNTED]);
    const calls = await query("select attempt from agent_run_attempts where run_id = $1", [id]);
    expect(calls).toHaveLength(1);
    expect(lines.filter(({ msg }) => msg?.includes("is sent again"))).toHaveLength(1);
    expect(lines.filter(({ msg }) => msg?.includes("answered again"))).toHaveLength(1);
  });

  test("the ledger has the sentence for a last failure that carries only its code", async () => {
    const id = await submit();
    await query("update agent_runs set app_retries = 2 where id = $1", [id]);
    await handleById(withLedger({ finalize: refuse }), id);
    const failure = { error_code: "internal", error_message: ERROR_DETAILS.internal };
    expect(await runs.find(id)).toMatchObject({ status: "failed", ...failure });
  });

  test("a run whose time is over is left to the sweep, and can no longer be claimed", async () => {
    const id = await submit();
    const deps = withLedger({ claim: claimBriefly, finalize: refuse, release: refuse });
    await expect(handleById(deps, id)).rejects.toThrow("22P05");
    expect(worker.live.list()).toEqual([]);
    await worker.ledger.reconcile(worker.identity.id, []);
    const claim = await worker.ledger.claim(id, worker.identity.id);
    expect(["expired", "held", "terminal"]).toContain(claim.kind);
  });

  test("a result that is answered with a 5xx for ever is held until the sweep may end its run", async () => {
    const id = await submit();
    const { log, lines } = newLogLines();
    let asked = 0;
    const unavailable = async (): Promise<never> => {
      asked += 1;
      throw expectedError("database_unavailable");
    };
    const deps = withLedger({ claim: claimBriefly, finalize: unavailable, release: unavailable });
    const handled = handleById({ ...deps, log, endGraceMs: 500 }, id);
    await expect(handled).rejects.toMatchObject({ code: "database_unavailable" });
    expect(asked).toBeGreaterThan(1);
    expect(worker.live.list()).toEqual([]);
    expect(lines.filter(({ msg }) => msg?.startsWith("The result was dropped"))).toHaveLength(1);
  });

  test("a refused release is released as failed, with its own code", async () => {
    const id = await submit("Wait [[fault:hang-mid-stream]]");
    let refused = false;
    const deps = withLedger({
      release: (ref, release) => {
        if (refused) return worker.ledger.release(ref, release);
        refused = true;
        return refuse();
      },
    });
    const handled = handleById(deps, id);
    await eventually(
      () => worker.runLog.read(id, null, 10),
      (entries) => entries.length > 1,
    );
    worker.live.abort(id, 1, "drain");
    await handled;
    expect(await countsOf(id)).toEqual([COUNTED]);
  });
});
