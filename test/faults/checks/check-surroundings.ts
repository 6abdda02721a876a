/** G17, G18, G21–G24: idempotency keys, tenants, secrets, processes and resources. */
import type { Violation } from "../check-history.ts";
import { type History, seen } from "../history.ts";
import { lastRow, type RunView } from "./run-view.ts";

/** A tenth more than before; zero stays zero. */
const SLACK = 1.1;

export function* checkSurroundings(
  history: History,
  runs: readonly RunView[],
): Generator<Violation> {
  yield* checkKeys(runs);
  yield* checkTenants(history, runs);
  for (const { name, before, after } of seen(history, "resource")) {
    if (after > before * SLACK) {
      yield about("G24", `${name} was ${before} before and is ${after} after`);
    }
  }
  for (const { process, secret } of seen(history, "leak")) {
    yield about("G21", `${process} wrote the value of ${secret}`);
  }
  for (const { process, expected, answered } of seen(history, "readiness")) {
    if (expected !== answered) {
      yield about("G22", `${process} reported ${answered ? "ready" : "unready"} and was not`);
    }
  }
  for (const { process, askedAt, at, graceMs, exitCode } of seen(history, "stopped")) {
    const tookMs = Math.round(at - askedAt);
    if (exitCode !== 0) yield about("G23", `${process} ended with ${exitCode ?? "a signal"}`);
    if (tookMs > graceMs) yield about("G23", `${process} took ${tookMs} ms to end, not ${graceMs}`);
  }
}

/** One key of one tenant is one run, and one run has at most one key. */
function* checkKeys(runs: readonly RunView[]): Generator<Violation> {
  const runOf = new Map<string, string>();
  for (const { runId, submitted } of runs) {
    for (const { key, tenantId } of submitted) {
      if (key === null) continue;
      const name = `${tenantId} ${key}`;
      const first = runOf.get(name) ?? runId;
      runOf.set(name, first);
      if (first !== runId) {
        yield { guarantee: "G17", runId, message: `its key ${key} is also that of ${first}` };
      }
    }
    if (new Set(submitted.map(({ tenantId, key }) => `${tenantId} ${key}`)).size > 1) {
      yield { guarantee: "G17", runId, message: "it was accepted under several keys" };
    }
  }
}

/** The canary of one tenant appears in no text of another. */
function* checkTenants(history: History, runs: readonly RunView[]): Generator<Violation> {
  const canaries = seen(history, "submitted");
  for (const run of runs) {
    const owner = run.submitted[0]?.tenantId;
    const foreign = new Set(
      canaries.flatMap(({ tenantId, canary }) => (tenantId === owner ? [] : [canary])),
    );
    const texts = [
      lastRow(run)?.outputText ?? "",
      ...run.readers.flatMap(({ events }) => events.map(({ data }) => JSON.stringify(data))),
    ];
    const found = [...foreign].find((canary) => texts.some((text) => text.includes(canary)));
    if (found) {
      yield { guarantee: "G18", runId: run.runId, message: `it holds ${found} of another tenant` };
    }
  }
}

function about(guarantee: Violation["guarantee"], message: string): Violation {
  return { guarantee, runId: null, message };
}
