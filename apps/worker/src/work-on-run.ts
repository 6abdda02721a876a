/**
 * Runs the agent of a claimed run, with exactly what the agent needs, and returns its outcome.
 * Whatever is thrown meanwhile becomes an outcome too, so that it counts as a failed attempt.
 */
import { randomBytes, randomUUID } from "node:crypto";
import {
  type AgentOutcome,
  agentByName,
  type FailedOutcome,
  type Gateway,
  type JsonRepairer,
  runAgent,
  type TokenCounter,
} from "@cmo/agents";
import { ERROR_DETAILS } from "@cmo/shared/contract";
import type { ClaimedWork, RunLedger, WorkspaceDb } from "@cmo/shared/db";
import {
  type Clock,
  describeError,
  isAppError,
  type Logger,
  type Slots,
} from "@cmo/shared/runtime";
import type { Lanes } from "./lanes.ts";
import type { LiveRun } from "./live-runs.ts";
import { createPooledGateway } from "./pooled-gateway.ts";
import { createRunMeter } from "./run-meter.ts";
import type { EventWriter } from "./write-events.ts";

export interface WorkDeps {
  readonly gateway: Gateway;
  /** Null: what one call learns of the gateway concerns its own run alone. */
  readonly lanes: Lanes | null;
  readonly repairer: Pick<JsonRepairer, "repair">;
  readonly workspaceDb: (workspaceId: string) => WorkspaceDb;
  readonly preparing: Slots;
  readonly tokens: Pick<TokenCounter, "count">;
  readonly ledger: RunLedger;
  /** The model that the gateway is asked for first. */
  readonly model: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Work {
  readonly claimed: ClaimedWork;
  readonly writer: EventWriter;
  readonly live: Pick<LiveRun, "signal" | "abort" | "calls" | "countCalls">;
}

/**
 * One for all runs of the process, so that the system messages stay the same and gateways can cache
 * them. No word begins with `zq`, so ordinary text is rarely held back to be compared with it.
 */
const CANARY = `zq${randomBytes(8).toString("hex")}`;

/** The gateway is asked after the first event was appended, but an outage of Redis delays no run. */
const FIRST_EVENT_MS = 1000;

export async function workOnRun(deps: WorkDeps, work: Work): Promise<AgentOutcome> {
  const { run, workspace } = work.claimed;
  try {
    announceAttempt(work);
    const agent = agentByName(run.agent);
    if (!agent) throw new Error(`This worker has no agent named ${run.agent}`);
    const outcome = await runAgent(
      agent,
      {
        gateway: gatewayOf(deps, work.claimed),
        repairer: deps.repairer,
        preparing: deps.preparing,
        source: {
          // guards G18: workspace of the row
          db: deps.workspaceDb(run.workspace_id),
          workspace,
          today: dateIn(workspace.time_zone, deps.clock.now()),
          boundary: randomBytes(6).toString("hex"),
        },
        input: run.input,
        emit: (event) => work.writer.push(event),
        requestId: (call) => `${run.id}-${run.attempt}-${call}`,
        clock: deps.clock,
        newId: randomUUID,
        // The first event fences earlier attempts.
        mayAsk: work.writer.flushed(FIRST_EVENT_MS),
        onRateLimit: run.on_rate_limit,
        hasFailedBefore: run.app_retries > 0,
        canary: CANARY,
        countTokens: deps.tokens.count,
        onCalls: work.live.countCalls,
        meter: createRunMeter(deps, work),
      },
      work.live.signal,
    );
    if (outcome.unknownEnd) deps.log.warn({ detail: outcome.unknownEnd }, UNKNOWN_END);
    return outcome;
  } catch (error) {
    return { ...toOutcome(error, deps.log), calls: work.live.calls() };
  }
}

function gatewayOf(
  { gateway, lanes, clock }: WorkDeps,
  { run, lane, gated }: ClaimedWork,
): Gateway {
  if (lanes === null) return gateway;
  const isGated = gated ?? false;
  return createPooledGateway({
    gateway,
    lanes,
    runId: run.id,
    lane: lane ?? null,
    isGated,
    now: clock.now,
  });
}

const UNKNOWN_END = "The answer ended for an unknown reason, so malformed JSON was not repaired";

function announceAttempt({ claimed, writer }: Work): void {
  const { attempt, release_reason: reason } = claimed.run;
  writer.push({ type: "attempt", data: { attempt, reset: attempt > 1, reason } });
}

/** The error is an outage of the database or a bug. Both deserve another attempt. */
function toOutcome(error: unknown, log: Logger): FailedOutcome {
  const known = isAppError(error);
  if (!known) log.error({ error }, "The agent threw an unexpected error");
  const detail = describeError(error);
  return {
    kind: "failed",
    code: known ? error.code : "internal",
    message: known ? detail : ERROR_DETAILS.internal,
    detail,
    text: "",
    textLength: 0,
    truncated: false,
    usage: null,
    calls: [],
    validationSteps: [],
    model: null,
    release: "failed",
    retryAfterMs: null,
  };
}

/** The date in the time zone, as `YYYY-MM-DD`. An unknown time zone counts as UTC. */
export function dateIn(timeZone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(now);
  } catch (error) {
    if (error instanceof RangeError) return new Date(now).toISOString().slice(0, 10);
    throw error;
  }
}
