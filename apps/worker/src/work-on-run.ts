/** From a claimed run to an outcome: everything that the agent needs, and nothing else. */
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
}

export async function workOnRun(deps: WorkDeps, work: Work): Promise<AgentOutcome> {
  const { run, workspace } = work.claimed;
  try {
    const agent = agentByName(run.agent);
    if (!agent) throw new Error(`This worker knows no agent called ${run.agent}`);
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
        onRateLimit: run.on_rate_limit,
        // Begins as no word does, so that ordinary text hardly ever waits to be told from it.
        canary: `zq${randomBytes(8).toString("hex")}`,
      },
      work.signal,
    );
  } catch (error) {
    return toOutcome(error, deps.log);
  }
}

/** What was thrown is either the database being away or a bug; both are worth another attempt. */
function toOutcome(error: unknown, log: Logger): AgentOutcome {
  const known = error instanceof AppError;
  if (!known) log.error({ error }, "The run failed on a bug");
  return {
    kind: "failed",
    code: known ? error.code : "internal",
    message: known
      ? error.message
      : "Something went wrong on our side. Try again; if it happens again, tell support the run's id.",
    detail: error instanceof Error ? error.message : String(error),
    text: "",
    textLength: 0,
    truncated: false,
    usage: null,
    calls: [],
    rungs: [],
    model: null,
    release: "failed",
    retryAfterMs: null,
  };
}

/** `YYYY-MM-DD` where the workspace is. A time zone that the runtime does not know counts as UTC. */
export function dateIn(timeZone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(now);
  } catch (error) {
    if (error instanceof RangeError) return new Date(now).toISOString().slice(0, 10);
    throw error;
  }
}
