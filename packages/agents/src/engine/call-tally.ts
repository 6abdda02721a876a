/**
 * The usage of the calls of one attempt. Within a call the last report counts, because each report
 * is a total. The usage of different calls is added up.
 */
import type { AttemptCall, Usage } from "@cmo/shared/contract";

export interface CallTally {
  /** Begins the next call and returns its number, from 1. */
  begin(purpose: AttemptCall["purpose"]): number;
  /** Records what the gateway reports for the call begun last. */
  report(reported: Partial<Pick<AttemptCall, "usage" | "model">>): void;
  /** True the first time: the one retry of failures that are probably lasting. */
  takeOnlyRetry(): boolean;
  /** The calls so far, in order. */
  readonly calls: readonly AttemptCall[];
  /** The sum; null if no call has reported any. */
  readonly usage: Usage | null;
}

export function newCallTally(): CallTally {
  const calls: AttemptCall[] = [];
  let hasOnlyRetry = true;
  return {
    begin(purpose) {
      calls.push({ call: calls.length + 1, purpose, model: null, usage: null });
      return calls.length;
    },
    report(reported) {
      const last = calls.pop();
      if (last) calls.push({ ...last, ...reported });
    },
    takeOnlyRetry() {
      const had = hasOnlyRetry;
      hasOnlyRetry = false;
      return had;
    },
    get calls() {
      return [...calls];
    },
    get usage() {
      // guards G12
      return calls.map(({ usage }) => usage).reduce(add, null);
    },
  };
}

function add(sum: Usage | null, usage: Usage | null): Usage | null {
  if (sum === null || usage === null) return sum ?? usage;
  return {
    prompt_tokens: sum.prompt_tokens + usage.prompt_tokens,
    completion_tokens: sum.completion_tokens + usage.completion_tokens,
    total_tokens: sum.total_tokens + usage.total_tokens,
  };
}
