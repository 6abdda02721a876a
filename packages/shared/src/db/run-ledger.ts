/**
 * The ledger's functions for workers. Each call is one transaction in SQL and uses the clock of the
 * database. Each call may be repeated, so a worker repeats one whose reply was lost.
 */
import { z } from "zod";
import {
  type AttemptCall,
  type AttemptRef,
  attemptOf,
  type ErrorCode,
  runSchema,
  type TerminalStatus,
  type Usage,
  type ValidationStep,
  type Warning,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { ServiceClient } from "./clients.ts";
import { toDatabaseError } from "./database-error.ts";

/** The ledger's answers use the name of the row's key. */
const attemptRefSchema = z.object({ id: z.guid(), attempt: z.int() }).transform(attemptOf);

/** A run, with the columns that only its worker reads. */
const claimedRunSchema = runSchema.extend({
  release_reason: z.string().nullable(),
  /** Earlier attempts that failed by themselves. */
  app_retries: z.int(),
  claimed_at: z.iso.datetime({ offset: true }),
  deadline_at: z.iso.datetime({ offset: true }),
});

const claimedSchema = z.object({
  kind: z.literal("claimed"),
  run: claimedRunSchema,
  workspace: z.object({
    id: z.guid(),
    name: z.string(),
    time_zone: z.string(),
    currency: z.string(),
    language: z.string(),
  }),
});

const nextClaimSchema = z.discriminatedUnion("kind", [
  claimedSchema,
  /** `again`: nothing was found, but somebody waits. */
  z.object({ kind: z.enum(["empty", "again", "worker_lost"]) }),
  /** By the clock of the database, and as a duration for everybody else's. */
  z.object({
    kind: z.literal("paused"),
    until: z.iso.datetime({ offset: true }),
    wait_ms: z.int().nonnegative(),
  }),
]);

const claimSchema = z.discriminatedUnion("kind", [
  claimedSchema,
  z.object({ kind: z.enum(["terminal", "cancelled"]), attempt: z.int() }),
  z.object({ kind: z.enum(["expired", "missing", "held", "worker_lost"]) }),
]);

const heartbeatSchema = z.object({
  lost: z.boolean(),
  held: z.int(),
  cancel: z.array(attemptRefSchema),
});
const appliedSchema = z.object({
  applied: z.boolean(),
  run: runSchema.nullable(),
  /** Whether the worker may find another run now. */
  waiting: z.boolean(),
});
/** `next` is the run of the pipeline's next step, which this end has created. */
const finalizedSchema = appliedSchema.extend({ next: attemptRefSchema.optional() });
const sweptSchema = z.object({
  swept: z.boolean(),
  ended: z.array(attemptRefSchema),
  enqueue: z.array(attemptRefSchema),
});

const reconciledSchema = z.object({
  ended: z.array(attemptRefSchema),
  released: z.array(attemptRefSchema),
});

export type NextClaim = z.infer<typeof nextClaimSchema>;
export type Claim = z.infer<typeof claimSchema>;
export type ClaimedWork = Extract<Claim, { kind: "claimed" }>;
type Applied = z.infer<typeof appliedSchema>;
type Finalized = z.infer<typeof finalizedSchema>;

/** The result of an attempt, whether its run is finalized or released. */
export interface AttemptText {
  readonly output_text: string;
  /** UTF-16 code units. */
  readonly text_length: number;
  readonly truncated: boolean;
  /** The sum over `calls`. */
  readonly usage: Usage | null;
  readonly calls: readonly AttemptCall[];
  readonly validation_steps: readonly ValidationStep[];
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
    readonly warnings: readonly Warning[];
  }[];
  readonly warnings?: readonly Warning[];
  readonly error_code?: ErrorCode;
  readonly error_message?: string;
}

/** What is left out stays as the row has it. */
export interface RunRelease extends Partial<AttemptText> {
  readonly kind: "failed" | "drain" | "rate_limited";
  readonly delay_ms: number;
  readonly code?: ErrorCode;
  readonly message?: string;
}

export interface RunLedger {
  /** Renews the lease of this worker. `lost` means that the worker holds no runs any more. */
  heartbeat(workerId: string, signal?: AbortSignal): Promise<z.infer<typeof heartbeatSchema>>;
  /** Claims the run whose turn it is. `lane` is the key and model of the worker's gateway. */
  claimNext(workerId: string, lane: string | null, signal?: AbortSignal): Promise<NextClaim>;
  /** The end of a run; null if it runs or is unknown. */
  findEnd(runId: string): Promise<AttemptRef | null>;
  /** Claims one run, whoever's turn it is: for tests. */
  claim(runId: string, workerId: string): Promise<Claim>;
  /** `applied` is false when the run has another attempt or has ended. `run` is the current row. */
  finalize(run: AttemptRef, result: RunResult): Promise<Finalized>;
  /** Releases the run. The row shows whether it went back to the queue or has ended. */
  release(run: AttemptRef, release: RunRelease): Promise<Applied>;
  sweep(workerId: string, queueLost: boolean): Promise<z.infer<typeof sweptSchema>>;
  /**
   * Releases the runs that the ledger counts for this worker and `held` does not name: the reply to
   * their claim was lost. The next sweep enqueues `released`. The caller announces the ends of
   * `ended`.
   */
  reconcile(
    workerId: string,
    held: readonly AttemptRef[],
    signal?: AbortSignal,
  ): Promise<z.infer<typeof reconciledSchema>>;
}

const caller = "worker";

/** `tenants`: those whose runs the worker claims; null: all. */
export function createRunLedger(
  client: ServiceClient,
  tenants: readonly string[] | null = null,
): RunLedger {
  const ofTenants = tenants === null ? {} : { p_tenants: [...tenants] };
  return {
    heartbeat: (workerId, signal) => {
      const args = { p_worker_id: workerId };
      return callRpc(client, { name: "heartbeat_worker", caller, args, signal }, heartbeatSchema);
    },
    claimNext: (workerId, lane, signal) => {
      const ofLane = lane === null ? {} : { p_lane: lane };
      const args = { p_worker_id: workerId, ...ofLane, ...ofTenants };
      return callRpc(client, { name: "claim_next", caller, args, signal }, nextClaimSchema);
    },
    findEnd: (runId) => findEnd(client, runId),
    claim: (runId, workerId) => {
      const args = { p_run_id: runId, p_worker_id: workerId };
      return callRpc(client, { name: "claim_run", caller, args }, claimSchema);
    },
    finalize: ({ runId, attempt }, result) => {
      const args = {
        p_run_id: runId,
        p_attempt: attempt,
        p_result: z.json().parse(result),
        ...ofTenants,
      };
      return callRpc(client, { name: "finalize_run", caller, args }, finalizedSchema);
    },
    release: ({ runId, attempt }, release) => {
      const args = {
        p_run_id: runId,
        p_attempt: attempt,
        p_release: z.json().parse(release),
        ...ofTenants,
      };
      return callRpc(client, { name: "release_run", caller, args }, appliedSchema);
    },
    sweep: (workerId, queueLost) => {
      const args = { p_worker_id: workerId, p_queue_lost: queueLost };
      return callRpc(client, { name: "sweep_runs", caller, args }, sweptSchema);
    },
    reconcile: (workerId, held, signal) => {
      const args = {
        p_worker_id: workerId,
        p_held: held.map(({ runId, attempt }) => ({ id: runId, attempt })),
      };
      return callRpc(client, { name: "reconcile_worker", caller, args, signal }, reconciledSchema);
    },
  };
}

async function findEnd(client: ServiceClient, runId: string): Promise<AttemptRef | null> {
  const rows = client.from("agent_runs").select("id, attempt").eq("id", runId);
  const { data, error, status } = await rows.neq("status", "running").maybeSingle();
  if (error) throw toDatabaseError({ name: "agent_runs", caller }, error, status);
  return data === null ? null : attemptOf(data);
}
