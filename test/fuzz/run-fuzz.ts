/** Sends requests to one API in this process, one after the other, and checks each response. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildApp } from "@cmo/api";
import type { Deps } from "@cmo/api/deps";
import fc from "fast-check";
import { findFault } from "./check-answer.ts";
import { type FuzzRequest, type FuzzWorld, fuzzRequests, readOperations } from "./fuzz-requests.ts";

export interface FuzzOptions {
  readonly deps: Deps;
  /** Its first token must be valid. */
  readonly world: FuzzWorld;
  readonly cases: number;
  readonly seed: number;
  /** Called after each case. */
  readonly onCase?: (done: number) => void;
}

export interface FuzzReport {
  readonly cases: number;
  /** The smallest request with a bad response, and what is wrong; null if there was none. */
  readonly fault: string | null;
  readonly statuses: Readonly<Record<number, number>>;
  /** Bytes in use after a garbage collection: when warm, in the middle and at the end. */
  readonly heap: readonly number[];
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Short, because no worker is there to end a run. */
export const FUZZ_ENVIRONMENT = {
  DEFER_STATUS_MS: "5",
  STREAM_MAX_MS: "20",
  MAX_WAIT_MS: "20",
  LOG_LEVEL: "silent",
};

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { deps, world, cases, seed, onCase = () => {} } = options;
  const app = await buildApp(deps);
  try {
    const authorization = `Bearer ${world.tokens[0]}`;
    const read = async (url: string): Promise<unknown> =>
      (await app.inject({ method: "GET", url, headers: { authorization } })).json();
    const operations = readOperations(await read("/openapi.json"), await read("/v1/agents"));
    const requests = fuzzRequests(operations, world);
    const measures = newMeasures(cases);

    const property = fc.asyncProperty(requests, async (request) => {
      const startedAt = performance.now();
      const response = await app.inject(request);
      const tookMs = performance.now() - startedAt;
      const contentType = String(response.headers["content-type"] ?? "");
      const answer = { status: response.statusCode, contentType, text: response.body, tookMs };
      onCase(measures.count(answer));
      const fault = findFault(answer);
      if (fault !== null) throw new Error(fault);
    });
    const found = await fc.check(property, { numRuns: cases, seed });
    const fault = found.failed ? describe(found.counterexample?.[0], found.errorInstance) : null;
    return { ...measures.read(), fault };
  } finally {
    await app.close();
  }
}

function newMeasures(cases: number) {
  const statuses: Record<number, number> = {};
  const tookMs: number[] = [];
  const heap: number[] = [];
  const marks = [Math.ceil(cases / 20), Math.ceil(cases / 2), cases];
  const collect = newCollector();
  return {
    count(answer: { readonly status: number; readonly tookMs: number }): number {
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      tookMs.push(answer.tookMs);
      if (marks.includes(tookMs.length)) {
        collect();
        heap.push(process.memoryUsage().heapUsed);
      }
      return tookMs.length;
    },
    read() {
      const sorted = tookMs.toSorted((a, b) => a - b);
      const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
      const latencyMs = { p50: at(0.5), p99: at(0.99), max: at(1) };
      return { cases: tookMs.length, statuses, heap, latencyMs };
    },
  };
}

/** Exposes Node's garbage collector at run time. */
function newCollector(): () => unknown {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function")
    throw new Error("This Node does not expose its garbage collector.");
  return () => Reflect.apply(collect, undefined, []);
}

function describe(request: FuzzRequest | undefined, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = JSON.stringify(request, (name, value) =>
    name === "authorization" && /^Bearer ey/.test(value) ? "Bearer <a user's>" : value,
  );
  return `${message}\n${text?.slice(0, 4000)}`;
}
