/** How an agent's attempt ended. An outcome is data: the worker decides what the ledger is told. */
import type { AttemptCall, ErrorCode, Usage, ValidationStep } from "@cmo/shared/contract";
import type { Artifact } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";

/** What there is to tell of an answer, however it ended. */
export interface AnswerSoFar {
  /** Exactly the concatenation of the `delta` events. */
  readonly text: string;
  /** In UTF-16 units, as the offsets of `delta` are. */
  readonly textLength: number;
  /** The sum over the calls. */
  readonly usage: Usage | null;
  readonly calls: readonly AttemptCall[];
  /** The validation steps that were tried. */
  readonly validationSteps: readonly ValidationStep[];
  /** What answered; null when the gateway did not get that far. */
  readonly model: string | null;
}

export interface CompletedOutcome extends AnswerSoFar {
  readonly kind: "completed";
  readonly output: Readonly<Record<string, unknown>>;
  readonly truncated: boolean;
  readonly artifacts: readonly Artifact[];
  readonly findings: readonly Finding[];
  /** What was thrown while a better answer was sought: a bug, but no reason to lose this one. */
  readonly bug?: unknown;
}

export interface FailedOutcome extends AnswerSoFar {
  readonly kind: "failed";
  readonly code: ErrorCode;
  /** For the marketer: what happened and what to do next. Never a provider's words. */
  readonly message: string;
  /** For the log: it may quote the provider. */
  readonly detail: string;
  readonly truncated: boolean;
  /** Another attempt may help: which of `release_run`'s counts it is. Null ends the run. */
  readonly release: "failed" | "rate_limited" | null;
  readonly retryAfterMs: number | null;
}

export interface AbortedOutcome extends AnswerSoFar {
  readonly kind: "aborted";
}

export type AgentOutcome = CompletedOutcome | FailedOutcome | AbortedOutcome;
