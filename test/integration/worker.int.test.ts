/** A worker process from its first beat to its last: what it takes, gives back, and says of itself. */

import { startWorker } from "@cmo/worker";
import type { WorkerDeps } from "@cmo/worker/deps";
import { describe, expect, inject, test } from "vitest";
import { serveHealth } from "../../apps/worker/src/health.ts";
import { createTcpProxy } from "../faults/tcp-proxy.ts";
import { closeAfter } from "../support/close-after.ts";
import { eventually } from "../support/eventually.ts";
import { startOwnRedis } from "../support/own-redis.ts";
import { openUserRuns } from "../support/user-run.ts";
import { openWorkerDeps } from "../support/worker.ts";

const { tenantId, runs, submit } = await openUserRuns();
const mine = { WORKER_TENANTS: tenantId };

async function start(deps: WorkerDeps) {
  const worker = await startWorker(deps);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= worker.stop();
    return stopping;
  };
  closeAfter(stop);
  return { ...worker, stop };
}

const holds = (deps: WorkerDeps, runId: string) =>
  deps.live.list().some((held) => held.runId === runId);

/** Holds a run that speaks and then hangs. */
async function hold(deps: WorkerDeps): Promise<string> {
  const id = await submit("Wait [[fault:hang-mid-stream]]");
  await deps.queue.add({ runId: id, attempt: 0 });
  await eventually(() => holds(deps, id), Boolean);
  return id;
}

describe("a worker", () => {
  test("one that starts while the database is away waits for it, and then works", async () => {
    const proxy = await createTcpProxy(Number(new URL(inject("stack").supabaseUrl).port));
    closeAfter(() => proxy.close());
    proxy.traffic("refuse");
    const deps = await openWorkerDeps({ SUPABASE_URL: `http://127.0.0.1:${proxy.port}` });
    let beats = 0;
    const ledger = {
      ...deps.ledger,
      heartbeat: (...call: Parameters<typeof deps.ledger.heartbeat>) => {
        beats += 1;
        return deps.ledger.heartbeat(...call);
      },
    };
    const started = start({ ...deps, ledger });
    await eventually(() => beats > 1, Boolean);
    proxy.traffic("pass");
    expect((await started).isLeased()).toBe(true);
  });

  test("a run goes from its queue to its ending", async () => {
    const deps = await openWorkerDeps(mine);
    await start(deps);
    const id = await submit();
    await deps.queue.add({ runId: id, attempt: 0 });
    const row = await eventually(
      () => runs.find(id),
      (run) => run?.status !== "running",
    );
    expect(row).toMatchObject({ status: "completed", attempt: 1 });
  });

  test("a stop releases what it holds, and another worker goes on with it", async () => {
    const deps = await openWorkerDeps(mine);
    const first = await start(deps);
    const id = await hold(deps);
    const second = await openWorkerDeps({ ...mine, QUEUE_PREFIX: deps.settings.queuePrefix });
    await first.stop();
    expect(first.held()).toBe(0);
    expect(await runs.find(id)).toMatchObject({ phase: "queued", attempt: 1 });
    await start(second);
    const [begun] = await eventually(
      () => second.runLog.read(id, null, 1),
      ([entry]) => entry?.id === "2-0",
    );
    // Released by the stop itself, and not because its gateway was given up later.
    expect(JSON.parse(begun?.data ?? "{}")).toMatchObject({ reason: "drain" });
  });

  test("a stop releases what it holds also while Redis is away", async () => {
    const redis = await startOwnRedis();
    const deps = await openWorkerDeps({ ...mine, REDIS_URL: redis.url });
    const worker = await start(deps);
    const id = await hold(deps);
    await redis.stop();
    await worker.stop();
    expect(await runs.find(id)).toMatchObject({ phase: "queued", attempt: 1 });
  });

  test("a cancel reaches it by the hint, without waiting for a beat to tell it", async () => {
    const opened = await openWorkerDeps(mine);
    const ledger: WorkerDeps["ledger"] = {
      ...opened.ledger,
      heartbeat: async (...call) => ({ ...(await opened.ledger.heartbeat(...call)), cancel: [] }),
    };
    const deps = { ...opened, ledger };
    await start(deps);
    const id = await hold(deps);
    await runs.cancel(id);
    // A hint may be lost: other tests cut every subscriber of this Redis.
    const heldAfterHint = async () => {
      await deps.hub.announceCancel(id);
      return holds(deps, id);
    };
    await eventually(heldAfterHint, (isHeld) => !isHeld);
    expect(await runs.find(id)).toMatchObject({ status: "cancelled" });
  });
});

describe("what a worker says of itself", () => {
  test("it holds a lease while its heartbeats are answered, and only then", async () => {
    const opened = await openWorkerDeps({ WORKER_HEARTBEAT_MS: "100" });
    let isAway = false;
    const ledger: WorkerDeps["ledger"] = {
      ...opened.ledger,
      async heartbeat(...call) {
        if (isAway) throw new Error("The ledger is away");
        return opened.ledger.heartbeat(...call);
      },
    };
    const worker = await start({ ...opened, ledger });
    expect(worker.isLeased()).toBe(true);
    isAway = true;
    await eventually(worker.isLeased, (isLeased) => !isLeased);
    isAway = false;
    await eventually(worker.isLeased, Boolean);
  });

  test("it lives while it answers, is ready when it may take runs, and knows no other path", async () => {
    let ready = false;
    const health = await serveHealth({ port: 0, isReady: () => ready, held: () => 3 });
    closeAfter(() => health.close());
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${health.port}${path}`);
      return [response.status, await response.json()];
    };
    expect(await ask("/livez")).toEqual([200, { ready: false, held: 3 }]);
    expect(await ask("/readyz")).toEqual([503, { ready: false, held: 3 }]);
    ready = true;
    expect(await ask("/readyz")).toEqual([200, { ready: true, held: 3 }]);
    expect((await ask("/"))[0]).toBe(404);
  });
});
