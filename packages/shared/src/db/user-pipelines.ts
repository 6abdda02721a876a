/** Pipelines of a user. Every call is subject to that user's row-level security. */
import { z } from "zod";
import {
  type Pipeline,
  pipelineRowSchema,
  type RateLimit,
  rateLimitSchema,
  runSummarySchema,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";
import { toDatabaseError } from "./database-error.ts";

export interface NewPipeline {
  readonly id: string;
  readonly steps: Pipeline["steps"];
  readonly inputs: Pipeline["inputs"];
  readonly workspaceId?: string | undefined;
  readonly tenantClaim?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

interface CreatedPipeline {
  readonly pipeline: Pipeline;
  readonly created: boolean;
  /** What is left for the caller; of a repeat nothing is known. */
  readonly rateLimit: RateLimit | null;
}

export interface UserPipelines {
  /** Resolves once the pipeline and its first run are committed. `created`: false for a repeat. */
  create(pipeline: NewPipeline): Promise<CreatedPipeline>;
  /** Null for an unknown or a foreign pipeline. An abort of `signal` counts as an outage. */
  find(id: string, signal?: AbortSignal): Promise<Pipeline | null>;
  cancel(id: string): Promise<Pipeline>;
}

const shownSchema = z
  .object({ pipeline: pipelineRowSchema, runs: z.array(runSummarySchema).min(1) })
  .transform(({ pipeline, runs }): Pipeline => ({ ...pipeline, runs }));
const createdSchema = z
  .object({ created: z.boolean(), rate_limit: rateLimitSchema.nullish() })
  .transform(({ created, rate_limit }) => ({ created, rateLimit: rate_limit ?? null }));
const caller = "user";
const SUMMARY_COLUMNS = Object.keys(runSummarySchema.shape).join(",");

export function createUserPipelines(client: UserClient): UserPipelines {
  return {
    async create(wanted) {
      const call = { name: "create_pipeline", caller, args: toArgs(wanted) } as const;
      const answer = await callRpc(client, call, z.unknown());
      return { pipeline: shownSchema.parse(answer), ...createdSchema.parse(answer) };
    },
    find: (id, signal) => findPipeline(client, id, signal ?? new AbortController().signal),
    cancel: (id) =>
      callRpc(
        client,
        { name: "cancel_pipeline", caller, args: { p_pipeline_id: id } },
        shownSchema,
      ),
  };
}

/** Reads the row first, so that the step it has reached is among the runs. */
async function findPipeline(
  client: UserClient,
  id: string,
  signal: AbortSignal,
): Promise<Pipeline | null> {
  if (!z.guid().safeParse(id).success) return null;
  const row = await client
    .from("pipelines")
    .select("*")
    .eq("id", id)
    .abortSignal(signal)
    .maybeSingle();
  if (row.error) throw toDatabaseError({ name: "pipelines", caller }, row.error, row.status);
  if (row.data === null) return null;
  const runs = await client
    .from("agent_runs")
    .select(SUMMARY_COLUMNS)
    .eq("pipeline_id", id)
    .order("pipeline_step")
    .abortSignal(signal);
  if (runs.error) throw toDatabaseError({ name: "agent_runs", caller }, runs.error, runs.status);
  return shownSchema.parse({ pipeline: row.data, runs: runs.data });
}

/** The function's defaults apply to arguments that are left out. */
function toArgs({ id, steps, inputs, workspaceId, tenantClaim, idempotencyKey }: NewPipeline) {
  return {
    p_id: id,
    p_steps: [...steps],
    p_inputs: z.json().parse(inputs),
    ...(workspaceId === undefined ? {} : { p_workspace_id: workspaceId }),
    ...(tenantClaim === undefined ? {} : { p_tenant_claim: tenantClaim }),
    ...(idempotencyKey === undefined ? {} : { p_idempotency_key: idempotencyKey }),
  };
}
