/** Decides how an attempt ends: its run is finalized or released, or its result is discarded. */
import type { AgentOutcome, CompletedOutcome } from "@cmo/agents";
import type { Warning } from "@cmo/shared/contract";
import type { AttemptText, RunRelease, RunResult } from "@cmo/shared/db";
import type { AbortReason, LiveRun } from "./live-runs.ts";
import type { EventWriter } from "./write-events.ts";

export interface FinishedAttempt {
  readonly live: LiveRun;
  readonly writer: EventWriter;
  readonly outcome: AgentOutcome;
  /** Null when this worker does not know the agent. */
  readonly agentVersion: number | null;
}

export type Ending =
  | { readonly kind: "finalize"; readonly result: RunResult }
  | { readonly kind: "release"; readonly release: RunRelease }
  | { readonly kind: "discard" };

interface Attempted extends Pick<FinishedAttempt, "outcome" | "agentVersion"> {
  readonly live: Pick<LiveRun, "attempt">;
}

/** `reason` is why the attempt was aborted, if it was. `random` is from 0 to 1. */
export function decideEnding(
  { outcome, live, agentVersion }: Attempted,
  reason: AbortReason | null,
  random: number,
): Ending {
  // guards G5: lost worker
  if (reason === "lost" || reason === "superseded") return { kind: "discard" };
  const shared = attemptText(outcome, agentVersion);
  if (outcome.kind === "completed") {
    const warnings = warningsOf(outcome);
    const artifacts = outcome.artifacts.map(({ from, ...artifact }) => ({
      ...artifact,
      warnings: warningsAt(from, warnings),
    }));
    const result = { ...shared, status: "completed", output: outcome.output, artifacts } as const;
    return { kind: "finalize", result: { ...result, warnings } };
  }
  if (outcome.kind === "aborted") {
    if (reason === "cancelled") {
      return { kind: "finalize", result: { ...shared, status: "cancelled" } };
    }
    if (reason === "overdue") {
      // The ledger supplies the message, as it does when the sweep ends a run for this reason.
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
  const delay_ms = outcome.retryAfterMs ?? retryDelayMs(live.attempt, random);
  return {
    kind: "release",
    release: { ...shared, kind: outcome.release, delay_ms, code, message },
  };
}

/** Nobody reads more than these, and they would bloat the row. */
const WARNINGS_MAX = 50;

/** Only findings that were not repaired become warnings. */
function warningsOf({ findings }: CompletedOutcome): readonly Warning[] {
  return findings
    .filter(({ fixed }) => !fixed)
    .slice(0, WARNINGS_MAX)
    .map(({ kind, path, message }) => ({ kind, path, message }));
}

/** Those about a part of the output, for the rows that were made of it. */
function warningsAt(places: readonly string[], warnings: readonly Warning[]): readonly Warning[] {
  return warnings.filter(({ path }) =>
    places.some((place) => place === "" || path === place || /^[.[]/.test(pathAfter(place, path))),
  );
}

const pathAfter = (place: string, path: string): string =>
  path.startsWith(place) ? path.slice(place.length) : "";

function attemptText(outcome: AgentOutcome, agent_version: number | null): AttemptText {
  return {
    output_text: outcome.text,
    text_length: outcome.textLength,
    truncated: outcome.kind !== "aborted" && outcome.truncated,
    usage: outcome.usage,
    calls: outcome.calls,
    validation_steps: outcome.validationSteps,
    model: outcome.model,
    agent_version,
  };
}

/**
 * 1 s, 4 s, 16 s, each reduced by up to half, so that runs that failed at the same time are not
 * retried at the same time.
 */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(1000 * 4 ** Math.min(attempt - 1, 3) * (1 - random / 2));
}
