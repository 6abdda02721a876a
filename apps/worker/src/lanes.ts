/**
 * The lanes of this worker: the key of its gateway with each of its models. The ledger decides when a
 * lane is paused, probed and open, for all workers together. This process says which lanes it uses,
 * asks the first model that is not broken, and reports what its calls show.
 *
 * A report that is lost does no harm: the next call shows the same.
 */
import { createHash } from "node:crypto";
import type { GatewayLane } from "@cmo/shared/contract";
import type { LaneLedger, LaneReport, WatchedLane } from "@cmo/shared/db";
import type { Clock, Logger } from "@cmo/shared/runtime";

export interface LanesOptions {
  readonly ledger: LaneLedger;
  readonly gateway: GatewayIdentity;
  /** The model, followed by its fallbacks. */
  readonly models: readonly [string, ...string[]];
  readonly clock: Clock;
  readonly log: Logger;
}

/** What makes two workers use the same limits: the address, and the secrets that are sent to it. */
export interface GatewayIdentity {
  readonly url: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Lanes {
  /** The lane for which this process claims now. */
  current(): string;
  /** The models to ask now, the best first. `first` is asked before all others. */
  modelsFrom(first: string | null): readonly [string, ...string[]];
  laneOf(model: string): string;
  modelOf(lane: string): string;
  /** Whether the lane is known to be open, with nothing to prove. */
  isClean(lane: string): boolean;
  /** Until when the lane is known to be paused by a rate limit; null if it is not. */
  limitedUntil(lane: string): string | null;
  /** Resolves when the lane in use is not paused, at the latest after `ms` or when the signal aborts. */
  untilOpen(ms: number, signal: AbortSignal): Promise<void>;
  /** Reports and learns. Null when the ledger did not answer. Never rejects. */
  report(report: LaneReport): Promise<WatchedLane | null>;
  /** Says that the lanes are in use, and learns their states. */
  watch(): Promise<void>;
  /** For readiness checks. */
  states(): readonly GatewayLane[];
}

/** A report precedes the release of its run, which must not wait for an outage of the database. */
const ANSWER_WITHIN_MS = 2000;
/** How often a call that waits looks at the state, which is learnt each second. */
const LOOK_MS = 100;
const HASH_CHARS = 16;
/** The ledger's limit of a model's name. */
const MODEL_CHARS = 200;

export function createLanes({ ledger, gateway, models, clock, log }: LanesOptions): Lanes {
  const hash = hashOf(gateway);
  const laneOf = (model: string) => `${hash}:${model.slice(0, MODEL_CHARS)}`;
  const own = models.map(laneOf);
  const known = new Map<string, WatchedLane>();

  const learn = (state: WatchedLane): void => {
    const { lane, ...now } = state;
    const before = known.get(lane)?.state ?? "open";
    known.set(lane, state);
    if (before === now.state) return;
    const level = now.state === "paused" ? "warn" : "info";
    log[level]({ model: now.model, state: now.state, reason: now.reason }, "A lane changed");
  };
  const isBroken = (model: string) => isBrokenLane(known.get(laneOf(model)));
  const usable = () => models.find((model) => !isBroken(model)) ?? models[0];
  const isHeld = () => {
    const { state = "open" } = known.get(laneOf(usable())) ?? {};
    return state === "paused" || state === "probing";
  };

  return {
    current: () => laneOf(usable()),
    modelsFrom(first) {
      const best = first ?? usable();
      return [best, ...models.filter((model) => model !== best && !isBroken(model))];
    },
    laneOf,
    modelOf: (lane) => models.find((model) => laneOf(model) === lane) ?? models[0],
    isClean(lane) {
      const state = known.get(lane);
      const isSettled = state?.state === "open" || state?.state === "limited";
      return isSettled && state.failures === 0;
    },
    limitedUntil(lane) {
      const { state, reason, until } = known.get(lane) ?? {};
      const isLimited = reason === "rate_limited" && (state === "paused" || state === "probing");
      return isLimited ? (until ?? null) : null;
    },
    async untilOpen(ms, signal) {
      const deadline = clock.now() + ms;
      while (isHeld() && clock.now() < deadline && !signal.aborted) {
        await clock.sleep(LOOK_MS, signal);
      }
    },
    async report(report) {
      try {
        const state = await ledger.report(report, AbortSignal.timeout(ANSWER_WITHIN_MS));
        if (state) learn(state);
        return state;
      } catch (error) {
        log.warn({ error, kind: report.kind }, "What a call showed of its lane was not reported");
        return null;
      }
    },
    async watch() {
      const states = await ledger.watch(own, AbortSignal.timeout(ANSWER_WITHIN_MS));
      states.forEach(learn);
    },
    states: () => own.flatMap((lane) => known.get(lane) ?? []).map(toShown),
  };
}

function isBrokenLane(lane: WatchedLane | undefined): boolean {
  const isShut = lane?.state === "paused" || lane?.state === "probing";
  return isShut && (lane.reason === "gateway_error" || lane.reason === "gateway_timeout");
}

function toShown({ model, state, reason, until, max_running }: WatchedLane): GatewayLane {
  return { model, state, reason, until, max_running };
}

/** Says nothing of the key: it has more randomness than anybody could try out. */
function hashOf({ url, key, headers }: GatewayIdentity): string {
  const parts = [url, key, ...Object.entries(headers).flat().sort()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HASH_CHARS);
}
