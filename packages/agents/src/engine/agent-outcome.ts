/** How an agent's attempt ended. An outcome is data: the worker decides what goes to the ledger. */
import type { AttemptCall, ErrorCode, Usage, ValidationStep } from "@cmo/shared/contract";
import type { Artifact } from "../agent/define-agent.ts";
import type { Finding } from "../agent/finding.ts";

/** What is known of an answer, however it ended. */
export interface AnswerSoFar {
  /** Exactly the concatenation of the `delta` events. */
  readonly text: string;
  /** In UTF-16 units, as the offsets of `delta` are. */
  readonly textLength: number;
  /** The sum over the calls. */
  readonly usage: Usage | null;
  readonly calls: readonly AttemptCall[];
  /** The validation steps that were taken, in order. */
  readonly validationSteps: readonly ValidationStep[];
  /** The model that answered; null if the gateway did not report one. */
  readonly model: string | null;
  /** For the log: the gateway's own word for the end of the answer, if it is unknown. */
  readonly unknownEnd?: string;
}

export interface CompletedOutcome extends AnswerSoFar {
  readonly kind: "completed";
  readonly output: Readonly<Record<string, unknown>>;
  readonly truncated: boolean;
  readonly artifacts: readonly Artifact[];
  readonly findings: readonly Finding[];
  /** Thrown during the repair turn. It is a bug, but the first answer is kept. */
  readonly bug?: unknown;
}

export interface FailedOutcome extends AnswerSoFar {
  readonly kind: "failed";
  readonly code: ErrorCode;
  /** For the marketer: what happened and what to do next. Never a provider's words. */
  readonly message: string;
  /** For the log; may quote the provider. */
  readonly detail: string;
  readonly truncated: boolean;
  /** The count of `release_run` to raise, if another attempt may help. Null ends the run. */
  readonly release: "failed" | "rate_limited" | null;
  readonly retryAfterMs: number | null;
}

export interface AbortedOutcome extends AnswerSoFar {
  readonly kind: "aborted";
}

export type AgentOutcome = CompletedOutcome | FailedOutcome | AbortedOutcome;
