/** Decides how an attempt ends: a final status, a release for another attempt, or nothing at all. */
import type { AgentOutcome, CompletedOutcome } from "@cmo/agents";
import type { Run, Warning } from "@cmo/shared/contract";
import type { AttemptText, RunRelease, RunResult } from "@cmo/shared/db";
import type { AbortReason, LiveRun } from "./live-runs.ts";
import type { EventWriter } from "./write-events.ts";

export interface Settlement {
  readonly run: Pick<Run, "id" | "attempt" | "agent">;
  readonly live: LiveRun;
  readonly writer: EventWriter;
  readonly outcome: AgentOutcome;
  /** Null when this worker does not know the agent. */
  readonly agentVersion: number | null;
}

export type Decision =
  | { readonly kind: "finalize"; readonly result: RunResult }
  | { readonly kind: "release"; readonly release: RunRelease }
  | { readonly kind: "discard" };

/** Pure: what the outcome means, given why the work may have been stopped. */
export function decide(
  { outcome, run, agentVersion }: Pick<Settlement, "outcome" | "run" | "agentVersion">,
  reason: AbortReason | null,
  random: number,
): Decision {
  // guards G5: lost worker
  if (reason === "lost" || reason === "superseded") return { kind: "discard" };
  const shared = textOf(outcome, agentVersion);
  if (outcome.kind === "completed") {
    const { output, artifacts } = outcome;
    const result = { ...shared, status: "completed", output, artifacts } as const;
    return { kind: "finalize", result: { ...result, warnings: warningsOf(outcome) } };
  }
  if (outcome.kind === "aborted") {
    if (reason === "cancelled") {
      return { kind: "finalize", result: { ...shared, status: "cancelled" } };
    }
    if (reason === "overdue") {
      // The sentence for it is the ledger's: the sweep ends runs for the same reason.
      const failure = { status: "failed", error_code: "deadline_exceeded" } as const;
      return { kind: "finalize", result: { ...shared, ...failure } };
    }
    return { kind: "release", release: { ...shared, kind: "drain", delay_ms: 0 } };
  }
  const { code, message } = outcome;
  if (outcome.release === null) {
    const failure = { error_code: code, error_message: message };
    return { kind: "finalize", result: { ...shared, status: "failed", ...failure } };
  }
  const delay_ms = outcome.retryAfterMs ?? backOff(run.attempt, random);
  return {
    kind: "release",
    release: { ...shared, kind: outcome.release, delay_ms, code, message },
  };
}

/** More than these are not read, and the row is no place for them. */
const WARNINGS_MAX = 50;

/** What was put right is no warning. */
function warningsOf({ findings }: CompletedOutcome): readonly Warning[] {
  return findings
    .filter(({ fixed }) => !fixed)
    .slice(0, WARNINGS_MAX)
    .map(({ kind, path, message }) => ({ kind, path, message }));
}

export function textOf(outcome: AgentOutcome, agent_version: number | null): AttemptText {
  return {
    output_text: outcome.text,
    text_length: outcome.textLength,
    truncated: outcome.kind !== "aborted" && outcome.truncated,
    usage: outcome.usage,
    calls: outcome.calls,
    rungs: outcome.rungs,
    model: outcome.model,
    agent_version,
  };
}

/** 1 s, 4 s, 16 s, less up to a half, so that what failed together does not come back together. */
export function backOff(attempt: number, random: number): number {
  return Math.round(1000 * 4 ** Math.min(attempt - 1, 3) * (1 - random / 2));
}
