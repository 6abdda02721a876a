/** The meter of a run: it draws from the ledger, and only for a run that has a budget. */
import { newSpendMeter, type SpendMeter, type TokenCounter, UNMETERED } from "@cmo/agents";
import { attemptOf } from "@cmo/shared/contract";
import type { ClaimedWork, RunLedger } from "@cmo/shared/db";
import { type Clock, type Logger, retryWhileUnavailable } from "@cmo/shared/runtime";
import type { LiveRun } from "./live-runs.ts";
import { createOutageLog } from "./outage-log.ts";

interface MeterDeps {
  readonly ledger: Pick<RunLedger, "draw">;
  /** The model that the gateway is asked for first. */
  readonly model: string;
  readonly tokens: Pick<TokenCounter, "count">;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The answer waits meanwhile. A guess could be a quarter too low, and exceed the budget by as much. */
const COUNT_WITHIN_MS = 10_000;

/** Shorter than any limit of silence, so that an answer that waits for a draw is not given up. */
const DRAW_RETRY_MS = { first: 100, max: 1000 };

/**
 * While the database is unavailable nothing more is spent: the answer waits. A run that was lost
 * meanwhile is aborted, and its refusal reaches nobody.
 */
export function createRunMeter(
  deps: MeterDeps,
  {
    claimed,
    live,
  }: { readonly claimed: ClaimedWork; readonly live: Pick<LiveRun, "signal" | "abort"> },
): SpendMeter {
  if (!claimed.has_budget) return UNMETERED;
  const { clock, ledger, log, model } = deps;
  const attempt = attemptOf(claimed.run);
  const lost = { kind: "refused", message: "" } as const;
  return newSpendMeter({
    model,
    countTokens: (text) => deps.tokens.count(text, COUNT_WITHIN_MS),
    onRefused: (pieceTokens) => {
      if (!live.signal.aborted) log.info({ pieceTokens }, "The budget was used up");
    },
    draw: async (calls) => {
      const outage = createOutageLog(log, "The answer waits for its budget.");
      const policy = { waitMs: retryWaitMs, onRetry: outage.failed };
      try {
        const call = () => ledger.draw(attempt, calls, live.signal);
        const isOver = () => live.signal.aborted;
        const reply = await retryWhileUnavailable(clock, policy, call, isOver);
        outage.ended();
        if (reply.kind !== "superseded") return reply;
        live.abort("superseded");
        return lost;
      } catch (error) {
        if (live.signal.aborted) return lost;
        throw error;
      }
    },
  });
}

function retryWaitMs(failures: number): number {
  return Math.min(DRAW_RETRY_MS.first * 2 ** (failures - 1), DRAW_RETRY_MS.max);
}
