/**
 * The usage of the calls of one attempt. Within a call the last report counts, because each report
 * is a total. The usage of different calls is added up.
 *
 * A call that the gateway may charge and reports nothing of gets an estimate, which is no part of that
 * sum. Until then it can be guessed at any moment: nobody else knows of it if this process dies.
 */
import type { AttemptCall, Usage } from "@cmo/shared/contract";
import { tokensOfBytes } from "../tokens/rough-tokens.ts";

export interface CallTally {
  /** Begins the next call and returns its number, from 1. */
  begin(purpose: AttemptCall["purpose"], promptBytes?: number): number;
  /** Records what the gateway reports for the call begun last. */
  report(reported: Partial<Omit<AttemptCall, "call" | "purpose" | "estimated">>): void;
  /** Counts text that has arrived for the call begun last. */
  receive(text: string): void;
  /** The call begun last is over. `estimate` is what it used if nothing was reported and something is due. */
  end(estimate: Promise<Usage> | null): void;
  /** Resolves when the estimates are there. */
  settled(): Promise<void>;
  /** True the first time: the one retry of failures that are probably lasting. */
  takeOnlyRetry(): boolean;
  /** The calls so far, in order. */
  readonly calls: readonly AttemptCall[];
  /** The calls so far, with guesses for those that are under way. */
  readonly guessed: readonly AttemptCall[];
  /** The sum; null if no call has reported any. */
  readonly usage: Usage | null;
}

interface TalliedCall {
  call: AttemptCall;
  readonly promptBytes: number;
  receivedBytes: number;
  isOver: boolean;
}

export function newCallTally(): CallTally {
  const tallied: TalliedCall[] = [];
  const estimates: Promise<void>[] = [];
  let hasOnlyRetry = true;
  return {
    begin(purpose, promptBytes = 0) {
      const call = { call: tallied.length + 1, purpose, model: null, usage: null };
      tallied.push({ call, promptBytes, receivedBytes: 0, isOver: false });
      return tallied.length;
    },
    report(reported) {
      const last = tallied.at(-1);
      if (last) last.call = { ...last.call, ...reported };
    },
    receive(text) {
      const last = tallied.at(-1);
      if (last) last.receivedBytes += Buffer.byteLength(text);
    },
    end(estimate) {
      const last = tallied.at(-1);
      if (!last) return;
      last.isOver = estimate === null;
      if (!last.isOver && estimate)
        estimates.push(estimate.then((usage) => estimateCall(last, usage)));
    },
    async settled() {
      await Promise.all(estimates);
    },
    takeOnlyRetry() {
      const had = hasOnlyRetry;
      hasOnlyRetry = false;
      return had;
    },
    get calls() {
      return tallied.map(({ call }) => call);
    },
    get guessed() {
      return tallied.map(guess);
    },
    get usage() {
      // guards G12
      return tallied.map(({ call }) => (call.estimated ? null : call.usage)).reduce(add, null);
    },
  };
}

function estimateCall(tallied: TalliedCall, usage: Usage): void {
  tallied.call = { ...tallied.call, usage, estimated: true };
  tallied.isOver = true;
}

/** A call for which no model has been asked yet costs nothing. */
function guess({ call, promptBytes, receivedBytes, isOver }: TalliedCall): AttemptCall {
  if (isOver || call.usage !== null || call.model === null) return call;
  const usage = toUsage(tokensOfBytes(promptBytes), tokensOfBytes(receivedBytes));
  return { ...call, usage, estimated: true };
}

export function toUsage(prompt_tokens: number, completion_tokens: number): Usage {
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function add(sum: Usage | null, usage: Usage | null): Usage | null {
  if (sum === null || usage === null) return sum ?? usage;
  const cached = (sum.cached_tokens ?? 0) + (usage.cached_tokens ?? 0);
  return {
    prompt_tokens: sum.prompt_tokens + usage.prompt_tokens,
    completion_tokens: sum.completion_tokens + usage.completion_tokens,
    total_tokens: sum.total_tokens + usage.total_tokens,
    ...(cached > 0 && { cached_tokens: cached }),
  };
}
