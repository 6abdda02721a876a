import type { NextClaim, RunLedger } from "@cmo/shared/db";
import { AppError, type Clock, createLog, newSlots } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { type ClaimNextRunDeps, createClaimNextRun, type NextRun } from "./claim-next-run.ts";
import { createLiveRuns } from "./live-runs.ts";

type Reply = NextClaim | Error;

/** The claims are answered when the test says so; sleeps end when it says so. */
function newClaims({ atOnce = 1, draining = new AbortController().signal } = {}) {
  const asked: PromiseWithResolvers<NextClaim>[] = [];
  const sleeps: { readonly ms: number; readonly end: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleeps.push({ ms, end: resolve });
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  const ledger: Pick<RunLedger, "claimNext" | "heartbeat"> = {
    claimNext: () => {
      const answer = Promise.withResolvers<NextClaim>();
      asked.push(answer);
      return answer.promise;
    },
    heartbeat: async () => ({ lost: false, held: 0, cancel: [] }),
  };
  const unused = async (): Promise<never> => {
    throw new Error("A claim calls nothing else");
  };
  const writes = { finalize: unused, release: unused, noteCalls: unused, draw: unused };
  const rest = { claim: unused, findEnd: unused, ...writes };
  const deps: ClaimNextRunDeps = {
    ledger: { ...ledger, ...rest, sweep: unused, reconcile: unused },
    live: createLiveRuns(),
    identity: { id: "worker" },
    newId: () => "another",
    settings: { heartbeatMs: 1000 },
    claiming: newSlots(atOnce),
    lane: () => null,
    random: () => 0,
    clock,
    log: createLog({ level: "silent", app: "test" }),
  };
  const next = createClaimNextRun(deps, draining);
  async function answer(reply: Reply): Promise<void> {
    const claim = asked.shift();
    if (!claim) throw new Error("Nobody asks");
    if (reply instanceof Error) claim.reject(reply);
    else claim.resolve(reply);
    await settled();
  }
  async function wake(): Promise<number> {
    const sleep = sleeps.shift();
    if (!sleep) throw new Error("Nobody sleeps");
    sleep.end();
    await settled();
    return sleep.ms;
  }
  return { next, asked, sleeps, answer, wake };
}

/** After every promise that can be settled by now. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const EMPTY: NextClaim = { kind: "empty" };
const AGAIN: NextClaim = { kind: "again" };
const paused = (wait_ms: number): NextClaim => ({
  kind: "paused",
  until: "2026-01-01T00:00:00Z",
  wait_ms,
});
const away = () => new AppError("database_unavailable", "Away.");

describe("when nobody waits", () => {
  test("one question answers all slots that had come before it, and none that came later", async () => {
    const { next, asked, answer } = newClaims();
    const first = next();
    const second = next();
    await settled();
    const third = next();
    expect(asked).toHaveLength(1);
    // Asked when the first slot had come, and perhaps before the work of the others was there.
    await answer(EMPTY);
    expect(await first).toEqual({ kind: "empty" });
    expect(asked).toHaveLength(1);
    await answer(EMPTY);
    expect(await Promise.all([second, third])).toEqual([EMPTY, EMPTY]);
    expect(asked).toHaveLength(0);
  });
});

describe("when the gateway takes nothing", () => {
  test("all slots wait for the same time, and then ask", async () => {
    const { next, asked, sleeps, answer, wake } = newClaims({ atOnce: 2 });
    const slots: Promise<NextRun>[] = [next(), next(), next()];
    await settled();
    await answer(paused(700));
    await answer(paused(700));
    expect([asked.length, sleeps.length]).toEqual([0, 1]);
    slots.push(next());
    await settled();
    expect(asked).toHaveLength(0);
    expect(await wake()).toBe(700);
    expect(asked).toHaveLength(2);
    await answer(EMPTY);
    await answer(EMPTY);
    expect(await Promise.all(slots)).toEqual(slots.map(() => EMPTY));
  });

  test("a stop ends the wait, and nobody has looked", async () => {
    const stop = new AbortController();
    const { next, answer, asked } = newClaims({ draining: stop.signal });
    const slot = next();
    await settled();
    await answer(paused(60_000));
    stop.abort();
    expect(await slot).toEqual({ kind: "stopped" });
    expect(asked).toHaveLength(0);
  });
});

describe("when a claim should be asked for once more", () => {
  test("it is, at once at first, and then after longer and longer waits", async () => {
    const { next, answer, wake } = newClaims();
    const slot = next();
    await settled();
    const waits: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      await answer(AGAIN);
      waits.push(await wake());
    }
    expect(waits).toEqual([0, 0, 0, 20, 40, 80]);
    await answer(EMPTY);
    expect(await slot).toEqual(EMPTY);
  });

  test("an outage is waited for, and the slot has not given up its job", async () => {
    const { next, answer, wake } = newClaims();
    const slot = next();
    await settled();
    const waits: number[] = [];
    for (let failures = 0; failures < 5; failures += 1) {
      await answer(away());
      waits.push(await wake());
    }
    expect(waits).toEqual([200, 400, 800, 1600, 2000]);
    await answer(EMPTY);
    expect(await slot).toEqual(EMPTY);
  });

  test("an outage that outlasts the process is no answer", async () => {
    const stop = new AbortController();
    const { next, answer } = newClaims({ draining: stop.signal });
    const slot = next();
    await settled();
    await answer(away());
    stop.abort();
    expect(await slot).toEqual({ kind: "stopped" });
  });

  test("a refusal that is no outage fails the job", async () => {
    const { next, answer } = newClaims();
    const slot = next();
    await settled();
    const failed = expect(slot).rejects.toThrow("42883");
    await answer(new Error("The database refused claim_next: 42883"));
    await failed;
  });
});
