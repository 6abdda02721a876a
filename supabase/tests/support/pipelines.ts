/** Pipelines by their calls, as the one who may make them, with what the tables say of them. */
import { randomUUID } from "node:crypto";
import type { Database as Schema } from "@cmo/shared/db";
import type { Caller, Database } from "../../../test/support/database.ts";
import { rowOf } from "./artifacts.ts";
import { type Applied, claim, finalize, type RunRow, startWorker } from "./ledger.ts";

type PipelineRow = Schema["public"]["Tables"]["pipelines"]["Row"];

export interface Shown {
  readonly pipeline: PipelineRow;
  readonly runs: readonly RunRow[];
}

export function createPipeline(
  db: Database,
  caller: Caller,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Shown & { created: boolean }> {
  return db.call(caller, "create_pipeline", {
    p_id: randomUUID(),
    p_steps: ["strategy", "funnels", "campaigns", "content"],
    p_inputs: {},
    ...args,
  });
}

export function cancelPipeline(db: Database, caller: Caller, id: string): Promise<Shown> {
  return db.call(caller, "cancel_pipeline", { p_pipeline_id: id });
}

export async function readPipeline(db: Database, id: string): Promise<Shown> {
  const [row] = await db.query<{ shown: Shown }>("select private.show_pipeline($1) as shown", [id]);
  if (!row?.shown) throw new Error(`There is no pipeline ${id}.`);
  return row.shown;
}

export type Finalized = Applied & { readonly next?: { readonly id: string } };

/** The row that each step of a pipeline saves, so that the next can hang under it. */
const SAVED = {
  strategy: () => rowOf("cmo_marketing_plans", { plan_name: "P" }),
  funnels: () => rowOf("cmo_funnels", { funnel_name: "F" }),
  campaigns: () => rowOf("cmo_campaigns", { campaign_name: "C", campaign_type: "lead_gen" }),
  content: () => rowOf("cmo_content_assets", { title: "T", content_type: "email" }),
} as const;

/** A worker takes the pipeline's last run; the caller ends it. */
export async function claimStep(db: Database, pipelineId: string): Promise<RunRow> {
  const run = (await readPipeline(db, pipelineId)).runs.at(-1);
  const { kind } = await claim(db, run?.id ?? "", await startWorker(db));
  if (!run || kind !== "claimed") throw new Error(`The step could not be claimed: ${kind}.`);
  return run;
}

/** The step the pipeline stands at is claimed, and completed with what such a step saves. */
export async function completeStep(db: Database, pipelineId: string): Promise<Finalized> {
  const run = await claimStep(db, pipelineId);
  const artifacts = [SAVED[run.mode as keyof typeof SAVED]()];
  return finalize(db, { runId: run.id }, { status: "completed", artifacts });
}
