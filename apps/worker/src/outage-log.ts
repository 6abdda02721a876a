/** Logs an outage of the ledger: each of its causes once when it begins, and its end. */
import { DatabaseOutage } from "@cmo/shared/db";
import { isAppError, type Logger } from "@cmo/shared/runtime";

export interface OutageLog {
  failed(error: unknown): void;
  /** Does nothing when nothing failed. */
  ended(): void;
}

/** `meanwhile` follows the sentence of the cause. */
export function createOutageLog(log: Logger, meanwhile: string): OutageLog {
  const causes = new Set<string>();
  let failures = 0;
  return {
    failed(error) {
      failures += 1;
      const { code, sentence } = causeOf(error);
      if (causes.has(code)) return;
      causes.add(code);
      log.warn({ error, code }, `${sentence} ${meanwhile}`);
    },
    ended() {
      if (failures > 0) log.info({ failures, codes: [...causes] }, "The ledger answered again");
    },
  };
}

function causeOf(error: unknown): { readonly code: string; readonly sentence: string } {
  const cause = isAppError(error) ? error.cause : undefined;
  if (cause instanceof DatabaseOutage) return { code: cause.code, sentence: cause.message };
  return { code: "refused", sentence: "The ledger refused the call." };
}
