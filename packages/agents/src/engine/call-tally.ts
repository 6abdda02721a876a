/**
 * What the calls of one attempt used. Within a call the gateway's last word counts, since several
 * reports are totals and not parts; calls are different answers, so they are added up.
 */
import type { AttemptCall, Usage } from "@cmo/shared/contract";

export interface CallTally {
  /** Begins the next call and answers its number, from 1. */
  begin(purpose: AttemptCall["purpose"]): number;
  /** Keeps what the gateway says of the call begun last. */
  report(said: Partial<Pick<AttemptCall, "usage" | "model">>): void;
  /** The calls so far, in order. */
  readonly calls: readonly AttemptCall[];
  /** Their sum; null when none has reported. */
  readonly usage: Usage | null;
}

export function newCallTally(): CallTally {
  const calls: AttemptCall[] = [];
  return {
    begin(purpose) {
      calls.push({ call: calls.length + 1, purpose, model: null, usage: null });
      return calls.length;
    },
    report(said) {
      const last = calls.pop();
      if (last) calls.push({ ...last, ...said });
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
