/**
 * The ledger as workers use it. Each call is one transaction in SQL, decides by the database's
 * clock, and may be repeated: a lost reply is answered by asking again.
 */
import { z } from "zod";
import {
  type AttemptCall,
  type AttemptRef,
  attemptOf,
  type ErrorCode,
  type RungResult,
  runSchema,
  type TerminalStatus,
  type Usage,
  type Warning,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { ServiceClient } from "./clients.ts";

/** The ledger names a run by the key of its row. */
const attemptRefSchema = z.object({ id: z.guid(), attempt: z.int() }).transform(attemptOf);

/** A run with what only its worker needs to know. */
const claimedRunSchema = runSchema.extend({
  release_reason: z.string().nullable(),
  claimed_at: z.iso.datetime({ offset: true }),
  deadline_at: z.iso.datetime({ offset: true }),
});

const claimSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("claimed"),
    run: claimedRunSchema,
    workspace: z.object({
      id: z.guid(),
      name: z.string(),
      time_zone: z.string(),
      currency: z.string(),
      language: z.string(),
    }),
  }),
  z.object({ kind: z.enum(["terminal", "cancelled"]), attempt: z.int() }),
  z.object({ kind: z.enum(["expired", "missing", "held", "worker_lost"]) }),
]);

const heartbeatSchema = z.object({
  lost: z.boolean(),
  held: z.int(),
  cancel: z.array(attemptRefSchema),
});
const appliedSchema = z.object({ applied: z.boolean(), run: runSchema.nullable() });
/** `next` is the run of the pipeline's next step, put into the queue by this end. */
const finalizedSchema = appliedSchema.extend({ next: attemptRefSchema.optional() });
const sweptSchema = z.object({
  swept: z.boolean(),
  ended: z.array(attemptRefSchema),
  enqueue: z.array(attemptRefSchema),
});

const reconciledSchema = z.object({
  ended: z.array(attemptRefSchema),
  requeued: z.array(attemptRefSchema),
});

export type Claim = z.infer<typeof claimSchema>;
export type ClaimedWork = Extract<Claim, { kind: "claimed" }>;
type Applied = z.infer<typeof appliedSchema>;
type Finalized = z.infer<typeof finalizedSchema>;

/** What an attempt has to show for itself, whether it ends the run or gives it back. */
export interface AttemptText {
  readonly output_text: string;
  /** UTF-16 code units. */
  readonly text_length: number;
  readonly truncated: boolean;
  /** The sum over `calls`. */
  readonly usage: Usage | null;
  readonly calls: readonly AttemptCall[];
  readonly rungs: readonly RungResult[];
  readonly model: string | null;
  readonly agent_version: number | null;
}

export interface RunResult extends AttemptText {
  readonly status: TerminalStatus;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly artifacts?: readonly {
    readonly table: string;
    readonly id: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
  readonly warnings?: readonly Warning[];
  readonly error_code?: ErrorCode;
  readonly error_message?: string;
}

export interface RunRelease extends AttemptText {
  readonly kind: "failed" | "drain" | "rate_limited";
  readonly delay_ms: number;
  readonly code?: ErrorCode;
  readonly message?: string;
}

/** A run that a worker works on, or asks for right now: then its attempt is not known yet. */
export interface HeldRun {
  readonly runId: string;
  readonly attempt: number | null;
}

export interface RunLedger {
  /** Renews this process's right to hold runs; `lost` means it holds none any more. */
  heartbeat(workerId: string, signal?: AbortSignal): Promise<z.infer<typeof heartbeatSchema>>;
  claim(runId: string, workerId: string): Promise<Claim>;
  /** `applied` is false when the attempt is no longer the run's; the row says what is true. */
  finalize(run: AttemptRef, result: RunResult): Promise<Finalized>;
  /** Gives the run back; the row says whether that requeued or ended it. */
  release(run: AttemptRef, release: RunRelease): Promise<Applied>;
  sweep(workerId: string, queueLost: boolean): Promise<z.infer<typeof sweptSchema>>;
  /**
   * Puts back what the ledger believes this worker to hold and `held` does not name: the reply to
   * its claim was lost. The next sweep enqueues `requeued`; the caller logs the ends of `ended`.
   */
  reconcile(
    workerId: string,
    held: readonly HeldRun[],
    signal?: AbortSignal,
  ): Promise<z.infer<typeof reconciledSchema>>;
}

export function createRunLedger(client: ServiceClient): RunLedger {
  return {
    heartbeat: (workerId, signal) => {
      const args = { p_worker_id: workerId };
      return callRpc(client, { name: "beat_worker", args, signal }, heartbeatSchema);
    },
    claim: (runId, workerId) => {
      const args = { p_run_id: runId, p_worker_id: workerId };
      return callRpc(client, { name: "claim_run", args }, claimSchema);
    },
    finalize: ({ runId, attempt }, result) => {
      const args = { p_run_id: runId, p_attempt: attempt, p_result: z.json().parse(result) };
      return callRpc(client, { name: "finalize_run", args }, finalizedSchema);
    },
    release: ({ runId, attempt }, release) => {
      const args = { p_run_id: runId, p_attempt: attempt, p_release: z.json().parse(release) };
      return callRpc(client, { name: "release_run", args }, appliedSchema);
    },
    sweep: (workerId, queueLost) => {
      const args = { p_worker_id: workerId, p_queue_lost: queueLost };
      return callRpc(client, { name: "sweep_runs", args }, sweptSchema);
    },
    reconcile: (workerId, held, signal) => {
      const args = {
        p_worker_id: workerId,
        p_held: held.map(({ runId, attempt }) => ({ id: runId, attempt })),
      };
      return callRpc(client, { name: "reconcile_worker", args, signal }, reconciledSchema);
    },
  };
}
