/**
 * The gateway as one attempt of a run sees it: the models of open lanes, and every call reported to
 * its lane.
 *
 * The first call asks the model for whose lane the run was claimed, which may be the probe of that
 * lane. Later calls of the attempt ask whichever model is usable then, and wait while the pool does.
 */
import type { ChatRequest, Gateway, GatewayAnswer, GatewayFailure, TextTaker } from "@cmo/agents";
import type { WatchedLane } from "@cmo/shared/db";
import type { Lanes } from "./lanes.ts";

export interface PooledAttempt {
  readonly gateway: Gateway;
  readonly lanes: Lanes;
  readonly runId: string;
  /** The lane for which the run was claimed; null if none was named. */
  readonly lane: string | null;
  /** The claim found the lane not open, so that the beginning of an answer may open it. */
  readonly isGated: boolean;
  readonly now: () => number;
}

/** A later call of an attempt waits no longer for its lane: it occupies a slot. */
const WAIT_MAX_MS = 30_000;
/** The ledger's shortest pause. */
const UNKNOWN_PAUSE_MS = 1000;

export function createPooledGateway(attempt: PooledAttempt): Gateway {
  const { gateway, lanes, lane, isGated } = attempt;
  let isFirst = true;
  return {
    async ask(request, onText) {
      const first = isFirst && lane !== null ? lanes.modelOf(lane) : null;
      const pausedUntil =
        isFirst && !isGated ? lanes.limitedUntil(lanes.laneOf(lanes.modelsFrom(first)[0])) : null;
      if (!isFirst) await lanes.untilOpen(WAIT_MAX_MS, request.signal);
      isFirst = false;
      // guards G28: paused since the claim
      if (pausedUntil !== null) return notAsked(pausedUntil);
      const answer = await askOnce(attempt, { request, onText, models: lanes.modelsFrom(first) });
      const { end, asked } = answer;
      if (end.type !== "failed" || !asked) return answer;
      return { ...answer, end: await reportFailure(attempt, { end, asked }) };
    },
  };

  function askOnce(
    { runId, isGated }: PooledAttempt,
    call: { request: ChatRequest; onText: TextTaker; models: readonly string[] },
  ): Promise<GatewayAnswer> {
    const onBegin = (model: string) => {
      call.request.onBegin?.(model);
      const of = lanes.laneOf(model);
      if (!isGated && lanes.isClean(of)) return;
      void lanes.report({ lane: of, kind: "worked", run_id: runId });
    };
    return gateway.ask({ ...call.request, models: call.models, onBegin }, call.onText);
  }
}

/** The lane was paused between the claim and the call. */
function notAsked(pausedUntil: string): GatewayAnswer {
  const message = "The gateway was not asked: its lane is paused.";
  const kind = { code: "rate_limited", retryable: true, retryAfterMs: 0 } as const;
  return { usage: null, end: { type: "failed", ...kind, message, pausedUntil } };
}

async function reportFailure(
  { lanes, runId, now }: PooledAttempt,
  { end, asked }: { end: GatewayFailure; asked: NonNullable<GatewayAnswer["asked"]> },
): Promise<GatewayFailure> {
  const lane = lanes.laneOf(asked.model);
  const { code, retryAfterMs } = end;
  if (code === "rate_limited") {
    const asks = retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs };
    const state = await lanes.report({ lane, kind: code, run_id: runId, ...asks });
    return held(end, state, now());
  }
  if (code === "payment_required") await lanes.report({ lane, kind: code, run_id: runId });
  const isDown = code === "gateway_error" || code === "gateway_timeout";
  if (isDown && !asked.hasBegun) {
    await lanes.report({ lane, kind: "failed", code, run_id: runId });
  }
  return end;
}

/**
 * The lane decides when somebody asks again, so the run itself need not be delayed. Without the
 * ledger's answer it is, because nobody may know of the limit.
 */
function held(end: GatewayFailure, lane: WatchedLane | null, now: number): GatewayFailure {
  if (lane?.until) return { ...end, retryAfterMs: 0, pausedUntil: lane.until };
  const retryAfterMs = Math.max(end.retryAfterMs ?? 0, UNKNOWN_PAUSE_MS);
  return { ...end, retryAfterMs, pausedUntil: new Date(now + retryAfterMs).toISOString() };
}
