/** Runs the agent of a claimed run, with exactly what the agent needs, and returns its outcome. */
import { randomBytes, randomUUID } from "node:crypto";
import { type AgentOutcome, agentByName, type Gateway, runAgent } from "@cmo/agents";
import type { ClaimedWork, WorkspaceDb } from "@cmo/shared/db";
import { AppError, type Clock, type Logger } from "@cmo/shared/runtime";
import type { EventWriter } from "./write-events.ts";

export interface WorkDeps {
  readonly gateway: Gateway;
  readonly workspaceDb: (workspaceId: string) => WorkspaceDb;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Work {
  readonly claimed: ClaimedWork;
  readonly writer: EventWriter;
  readonly signal: AbortSignal;
  /** Resolves when earlier attempts are fenced, or cannot be for an outage of Redis. */
  readonly fenced: Promise<unknown>;
}

export async function workOnRun(deps: WorkDeps, work: Work): Promise<AgentOutcome> {
  const { run, workspace } = work.claimed;
  try {
    const agent = agentByName(run.agent);
    if (!agent) throw new Error(`This worker has no agent named ${run.agent}`);
    return await runAgent(
      agent,
      {
        gateway: deps.gateway,
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
        mayAsk: work.fenced,
        onRateLimit: run.on_rate_limit,
        // No word begins with `zq`, so ordinary text is rarely held back to be compared with it.
        canary: `zq${randomBytes(8).toString("hex")}`,
      },
      work.signal,
    );
  } catch (error) {
    return toOutcome(error, deps.log);
  }
}

/** The error is an outage of the database or a bug. Both deserve another attempt. */
function toOutcome(error: unknown, log: Logger): AgentOutcome {
  const known = error instanceof AppError;
  if (!known) log.error({ error }, "The agent threw an unexpected error");
  return {
    kind: "failed",
    code: known ? error.code : "internal",
    message: known
      ? error.message
      : "An internal error occurred. Try again; if it recurs, contact support with the run id.",
    detail: error instanceof Error ? error.message : String(error),
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
