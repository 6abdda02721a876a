/**
 * G1, G17: the rows of the ledger, including runs whose acceptance never reached their client. Such a
 * run is submitted again with its key, and no reader would notice that the first one never ends.
 */
import type { Violation } from "../check-history.ts";
import { type History, seen } from "../history.ts";

export function* checkStored(history: History): Generator<Violation> {
  const accepted = new Set(seen(history, "accepted").map(({ runId }) => runId));
  // A history may be closed more than once; the last look is the one that counts.
  const stored = new Map(seen(history, "stored").map((one) => [one.runId, one]));
  const runOf = new Map<string, string>();
  for (const { runId, userId, tenantId, key, status } of stored.values()) {
    if (status === "running" && !accepted.has(runId)) {
      const message = "it was stored, its acceptance was lost, and it has not ended";
      yield { guarantee: "G1", runId, message };
    }
    if (key === null) continue;
    const name = [userId, tenantId, key].join(" ");
    const first = runOf.get(name) ?? runId;
    runOf.set(name, first);
    if (first !== runId) {
      yield { guarantee: "G17", runId, message: `it is stored with the key ${key} of ${first}` };
    }
  }
}
