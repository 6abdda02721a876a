import type { ChatRequest, Gateway, GatewayFailure } from "@cmo/agents";
import type { LaneLedger, LaneReport, WatchedLane } from "@cmo/shared/db";
import { createLog, systemClock } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { createLanes, type Lanes } from "./lanes.ts";
import { createPooledGateway } from "./pooled-gateway.ts";

const MODELS = ["first", "second"] as const;
const UNTIL = "2099-01-01T00:00:00.000Z";
const log = createLog({ level: "silent", app: "worker" });

type Change = Partial<WatchedLane> & { readonly model: string };

/** A ledger whose lanes are as they are set, and a gateway that answers by a script. */
function scene(script: readonly (GatewayFailure | "answers")[]) {
  const states = new Map<string, WatchedLane>();
  const reports: LaneReport[] = [];
  const asked: (readonly string[])[] = [];
  let isAway = false;
  const open = (lane: string): WatchedLane => {
    const model = lane.slice(lane.indexOf(":") + 1);
    const none = { reason: null, until: null, max_running: null, failures: 0 } as const;
    return { lane, model, state: "open", ...none };
  };
  const ledger: LaneLedger = {
    watch: async (names) => names.map((lane) => states.get(lane) ?? open(lane)),
    report: async (report) => {
      if (isAway) throw new Error("The database is away");
      reports.push(report);
      const state = states.get(report.lane) ?? open(report.lane);
      if (report.kind !== "rate_limited") return state;
      return { ...state, state: "paused", reason: report.kind, until: UNTIL };
    },
  };
  const left = [...script];
  const gateway: Gateway = {
    async ask(request) {
      const models = request.models ?? [];
      asked.push(models);
      const [model = ""] = models;
      const end = left.shift() ?? "answers";
      if (end !== "answers") return { usage: null, end, asked: { model, hasBegun: false } };
      request.onBegin?.(model);
      const finished = { type: "finished", reason: "stop", model } as const;
      return { usage: null, end: finished, asked: { model, hasBegun: true } };
    },
  };
  const identity = { url: "http://gateway", key: "k", headers: {} };
  const lanes = createLanes({ ledger, gateway: identity, models: MODELS, clock: systemClock, log });
  return {
    lanes,
    gateway,
    reports,
    asked,
    leave: () => {
      isAway = true;
    },
    change: async ({ model, ...change }: Change) => {
      const lane = lanes.laneOf(model);
      states.set(lane, { ...open(lane), ...change });
      await lanes.watch();
    },
  };
}

const request: ChatRequest = {
  messages: [],
  requestId: "run-1-1",
  signal: new AbortController().signal,
};
const ask = (
  { gateway, lanes }: { readonly gateway: Gateway; readonly lanes: Lanes },
  claim: { readonly lane?: string; readonly isGated?: boolean } = {},
) => {
  const { lane = lanes.laneOf("first"), isGated = false } = claim;
  const attempt = { gateway, lanes, runId: "run-1", lane, isGated, now: () => 0 };
  return createPooledGateway(attempt).ask(request, () => true);
};
const failure = (
  code: GatewayFailure["code"],
  retryAfterMs: number | null = null,
): GatewayFailure => ({
  type: "failed",
  code,
  message: "No.",
  retryable: true,
  retryAfterMs,
});
const broken = { state: "paused", reason: "gateway_error", until: UNTIL } as const;
const limited = { state: "paused", reason: "rate_limited", until: UNTIL } as const;

describe("what a call shows is reported to its lane", () => {
  test("a rate limit, with the time that was asked for; the run leaves the wait to the lane", async () => {
    const played = scene([failure("rate_limited", 7000)]);
    const { end } = await ask(played);
    const lane = played.lanes.laneOf("first");
    const report = { lane, kind: "rate_limited", run_id: "run-1", retry_after_ms: 7000 };
    expect(played.reports).toEqual([report]);
    expect(end).toMatchObject({ code: "rate_limited", retryAfterMs: 0, pausedUntil: UNTIL });
  });

  test("a rate limit that cannot be reported delays its own run", async () => {
    const played = scene([failure("rate_limited")]);
    played.leave();
    const { end } = await ask(played);
    expect(end).toMatchObject({ retryAfterMs: 1000, pausedUntil: "1970-01-01T00:00:01.000Z" });
  });

  test.each(["gateway_error", "gateway_timeout"] as const)("%s before any text", async (code) => {
    const played = scene([failure(code)]);
    await ask(played);
    expect(played.reports).toMatchObject([{ kind: "failed", code }]);
  });

  test("an answer that begins, only where it proves something", async () => {
    const played = scene([]);
    await played.change({ model: "first" });
    await ask(played);
    expect(played.reports).toEqual([]);
    await ask(played, { isGated: true });
    await played.change({ model: "first", failures: 2 });
    await ask(played);
    expect(played.reports.map(({ kind }) => kind)).toEqual(["worked", "worked"]);
  });
});

describe("which model is asked", () => {
  test("the fallback while the first is broken, and claims are for its lane", async () => {
    const played = scene([]);
    expect(played.lanes.current()).toBe(played.lanes.laneOf("first"));
    await played.change({ model: "first", ...broken });
    expect(played.lanes.current()).toBe(played.lanes.laneOf("second"));
    await ask(played, { lane: played.lanes.laneOf("second") });
    expect(played.asked).toEqual([["second"]]);
  });

  test("the model of the claim first, also when it is the probe of a broken one", async () => {
    const played = scene([]);
    await played.change({ model: "first", ...broken, state: "probing" });
    await ask(played, { isGated: true });
    expect(played.asked).toEqual([["first", "second"]]);
  });

  test("the first one when all are broken", async () => {
    const played = scene([]);
    for (const model of MODELS) await played.change({ model, ...broken });
    expect(played.lanes.current()).toBe(played.lanes.laneOf("first"));
  });

  test("a rate limit moves no run to another model", async () => {
    const played = scene([]);
    await played.change({ model: "first", ...limited });
    expect(played.lanes.current()).toBe(played.lanes.laneOf("first"));
  });
});

test("a lane that was paused since the claim is not asked, unless the run is its probe", async () => {
  const played = scene([]);
  await played.change({ model: "first", ...limited });
  const { end } = await ask(played);
  expect(end).toMatchObject({ code: "rate_limited", pausedUntil: UNTIL });
  expect(played.asked).toEqual([]);
  await ask(played, { isGated: true });
  expect(played.asked).toHaveLength(1);
});

test("lanes of the same address and key are the same lanes, and no name tells the key", () => {
  const { ledger, gateway, models } = {
    ledger: { watch: async () => [], report: async () => null },
    gateway: { url: "http://gateway", key: "secret-key", headers: { "x-config": "a" } },
    models: MODELS,
  };
  const create = (change: Partial<typeof gateway> = {}) =>
    createLanes({ ledger, gateway: { ...gateway, ...change }, models, clock: systemClock, log });
  const lane = create().current();
  expect(create().current()).toBe(lane);
  expect(lane).toMatch(/^[0-9a-f]{16}:first$/);
  for (const change of [
    { key: "other" },
    { url: "http://other" },
    { headers: { "x-config": "b" } },
  ]) {
    expect(create(change).current()).not.toBe(lane);
  }
});
