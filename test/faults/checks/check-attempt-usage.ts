/**
 * G12: the stored usage of each attempt, compared with what the gateway sent for it. Runs that were
 * cancelled or failed are included, because they cost money too.
 *
 * The gateway reports the usage last, so that a call that was cut has no report: an attempt may then be
 * stored with less than was sent, and never with more. Where the gateway was asked for a fault, it may
 * report any usage.
 */
import { countText } from "../../../apps/demo-gateway/src/count-usage.ts";
import type { Finding } from "../check-history.ts";
import type { CallSeen } from "../history.ts";
import { lastRow, type RunView } from "./run-view.ts";

export function* checkAttemptUsage(run: RunView): Generator<Finding> {
  const row = lastRow(run);
  if (run.submitted.some(({ fault }) => fault !== null)) return;
  for (const { attempt, outcome, usage } of run.attempts) {
    const calls = run.calls.filter((call) => call.attempt === attempt);
    const stored = usage?.completion_tokens ?? 0;
    const most = calls.map(tokensOf).reduce((sum, tokens) => sum + tokens, 0);
    const last = calls.at(-1);
    const least = outcome === "completed" && last ? tokensOf(last) : 0;
    if (stored < least || stored > most) {
      const between = least === most ? `${most}` : `between ${least} and ${most}`;
      yield ["G12", `attempt ${attempt} is stored with ${stored} tokens, and not ${between}`];
    }
    const isRows = attempt === row?.attempt && row.status === "completed";
    if (isRows && usage?.total_tokens !== row.usage?.total_tokens) {
      yield ["G12", `attempt ${attempt} is stored with another usage than its run`];
    }
  }
}

/** As the demo gateway counts. */
function tokensOf({ textSent }: CallSeen): number {
  return countText(textSent);
}
