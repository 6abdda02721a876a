/** A worker that does what a test says: it claims, speaks and settles on cue. */
import { randomUUID } from "node:crypto";
import type { ErrorCode, RunEvent } from "@cmo/shared/contract";
import { createRunLedger, createServiceClient, type RunResult } from "@cmo/shared/db";
import { afterAll, inject } from "vitest";
import { openRunLog } from "./streams.ts";

interface ScriptedAttempt {
  readonly attempt: number;
  say(text: string): Promise<void>;
  complete(output: Record<string, unknown>): Promise<void>;
  fail(code: ErrorCode, message: string): Promise<void>;
  /** Stops as a requested cancel asks for. */
  obeyCancel(): Promise<void>;
  /** Gives the run back, as a worker does that is being stopped. */
  release(): Promise<void>;
}

export interface ScriptedWorker {
  /** Waits for nothing: the run has to be queued. */
  claim(runId: string): Promise<ScriptedAttempt>;
}

/** A quarter of the lease that the tests' stack sets. */
const BEAT_MS = 500;

export async function createScriptedWorker(): Promise<ScriptedWorker> {
  const { supabaseUrl, secretKey } = inject("stack");
  const ledger = createRunLedger(createServiceClient({ url: supabaseUrl, secretKey }));
  const log = await openRunLog();
  const workerId = randomUUID();
  await ledger.heartbeat(workerId);
  // Workers of other test files sweep the same database: one without a beat would lose its runs.
  const beating = setInterval(() => {
    ledger.heartbeat(workerId).catch(() => {
      // The database went away; the test that needs it says so.
    });
  }, BEAT_MS);
  afterAll(() => clearInterval(beating));

  return {
    async claim(runId) {
      const claim = await ledger.claim(runId, workerId);
      if (claim.kind !== "claimed") throw new Error(`The claim was answered with ${claim.kind}`);
      const { attempt, release_reason: reason } = claim.run;
      const run = { runId, attempt };
      let seq = 0;
      let text = "";

      async function append({ type, data }: RunEvent): Promise<void> {
        await log.append(run, seq, [{ type, data: JSON.stringify(data) }]);
        seq += 1;
      }
      const spoken = () => ({
        output_text: text,
        text_length: text.length,
        truncated: false,
        usage: null,
        calls: [],
        validation_steps: [],
        model: null,
        agent_version: 1,
      });
      async function settle(result: Pick<RunResult, "status"> & Partial<RunResult>): Promise<void> {
        await ledger.finalize(run, { ...spoken(), ...result });
        await log.end(run);
      }

      await append({ type: "attempt", data: { attempt, reset: attempt > 1, reason } });
      return {
        attempt,
        async say(piece) {
          await append({ type: "delta", data: { text: piece, offset: text.length } });
          text += piece;
        },
        complete: (output) => settle({ status: "completed", output }),
        fail: (error_code, error_message) =>
          settle({ status: "failed", error_code, error_message }),
        obeyCancel: () => settle({ status: "cancelled" }),
        async release() {
          await ledger.release(run, { ...spoken(), kind: "drain", delay_ms: 0 });
        },
      };
    },
  };
}
