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
}

/** A later call of an attempt waits no longer for its lane: it occupies a slot. */
const WAIT_MAX_MS = 30_000;

export function createPooledGateway(attempt: PooledAttempt): Gateway {
  const { gateway, lanes, lane } = attempt;
  let isFirst = true;
  return {
    async ask(request, onText) {
      const first = isFirst && lane !== null ? lanes.modelOf(lane) : null;
      if (!isFirst) await lanes.untilOpen(WAIT_MAX_MS, request.signal);
      isFirst = false;
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

async function reportFailure(
  { lanes, runId }: PooledAttempt,
  { end, asked }: { end: GatewayFailure; asked: NonNullable<GatewayAnswer["asked"]> },
): Promise<GatewayFailure> {
  const lane = lanes.laneOf(asked.model);
  const { code, retryAfterMs } = end;
  if (code === "rate_limited") {
    const asks = retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs };
    return held(end, await lanes.report({ lane, kind: code, run_id: runId, ...asks }));
  }
  if (code === "payment_required") await lanes.report({ lane, kind: code, run_id: runId });
  const isDown = code === "gateway_error" || code === "gateway_timeout";
  if (isDown && !asked.hasBegun) {
    await lanes.report({ lane, kind: "failed", code, run_id: runId });
  }
  return end;
}

/** The lane decides when somebody asks again, so the run itself need not be delayed. */
function held(end: GatewayFailure, lane: WatchedLane | null): GatewayFailure {
  if (lane === null || lane.until === null) return end;
  return { ...end, retryAfterMs: 0, pausedUntil: lane.until };
}
