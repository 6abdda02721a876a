/**
 * The life of a run. Postgres owns its state.
 *
 * Callers see a status, workers see a phase; a state combines both in one word. A requested cancel
 * is a column, not a state: only its worker may end an active run, or the sweep once that worker is
 * lost. supabase/schemas and ARCHITECTURE.md hold the same table.
 */
import { z } from "zod";
import { RUN_MODES } from "./mode.ts";

export const RUN_TRANSITIONS = {
  queued: ["active", "cancelled", "failed"],
  active: ["queued", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;

export const RUN_STATUSES = ["running", "completed", "failed", "cancelled"] as const;
const RUN_PHASES = ["queued", "active", "done"] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];
export type TerminalStatus = Exclude<RunStatus, "running">;

/** Postgres accepts any 32 hexadecimal digits as an id; `z.uuid` also requires a version. */
const id = z.guid();
/** Postgres writes an offset (`+00:00`), which the default parser refuses. */
const timestamp = z.iso.datetime({ offset: true });
const jsonObject = z.record(z.string(), z.unknown());

/** A row that a completed run saved into a `cmo_*` table. */
export const artifactRefSchema = z
  .object({
    table: z.string(),
    id,
    href: z
      .string()
      .optional()
      .describe(
        "The path of the row, relative to the URL of the Supabase project. Read it as the same user.",
      ),
  })
  .meta({ id: "ArtifactRef", description: "A row that the run saved." });

/**
 * Tokens. For one call, the last report of the gateway, never a sum of its reports. For an attempt,
 * the sum over its calls.
 */
export const usageSchema = z
  .object({
    prompt_tokens: z.int().nonnegative(),
    completion_tokens: z.int().nonnegative(),
    total_tokens: z.int().nonnegative(),
    cached_tokens: z
      .int()
      .nonnegative()
      .optional()
      .describe("Of the prompt tokens, those that the provider read from its cache."),
  })
  .meta({ id: "Usage" });

/** A price of tokens: whole millionths of the currency's unit, so that sums are exact. */
export const costSchema = z
  .object({
    micros: z.int().nonnegative().describe("Millionths of the currency's unit."),
    currency: z.string().describe("ISO 4217."),
    estimated: z
      .boolean()
      .describe(
        "Whether a part is an estimate: the gateway reported no usage, a worker was lost, or a model has no price.",
      ),
  })
  .meta({ id: "Cost" });

/** A known problem in the output of a completed run. */
export const warningSchema = z
  .object({
    kind: z
      .string()
      .describe("The kind of problem, such as `sum`, `date`, `reference` or `claim`."),
    path: z.string().describe("The path in the output, such as `stages[2].budget`. May be empty."),
    message: z.string(),
  })
  .meta({ id: "Warning", description: "A known problem in the output." });

export type Warning = z.infer<typeof warningSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** The representation of a run: the columns of its row, except those that only the ledger uses. */
export const runSchema = z
  .object({
    id,
    tenant_id: id,
    workspace_id: id,
    created_by: id.nullable(),
    agent: z.string(),
    agent_version: z.int().nullable(),
    mode: z.enum(RUN_MODES),
    status: z.enum(RUN_STATUSES),
    phase: z.enum(RUN_PHASES),
    attempt: z
      .int()
      .nonnegative()
      .describe("The number of times that a worker has started this run."),
    input: jsonObject,
    output: jsonObject.nullable(),
    output_text: z.string().nullable().describe("The text of the last attempt, up to 1 MiB."),
    text_length: z.int().nonnegative().describe("The length of the text in UTF-16 code units."),
    truncated: z.boolean(),
    usage: usageSchema.nullable(),
    cost: costSchema.describe("Of all attempts that have ended, whatever became of them."),
    model: z.string().nullable(),
    artifacts: z.array(artifactRefSchema),
    warnings: z.array(warningSchema).describe("Known problems in the output."),
    save_artifacts: z.boolean(),
    on_rate_limit: z.enum(["fail", "wait"]),
    retry_of: id.nullable(),
    pipeline_id: id.nullable(),
    pipeline_step: z
      .int()
      .positive()
      .nullable()
      .describe("The position in the pipeline, counted from 1."),
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    cancel_requested_at: timestamp.nullable(),
    queued_ms: z.int().nullable().describe("Milliseconds from acceptance to the first claim."),
    duration_ms: z.int().nullable().describe("Milliseconds from the first claim to the end."),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    completed_at: timestamp.nullable(),
  })
  .meta({ id: "Run", description: "One execution of one agent for one workspace." });

export type Run = z.infer<typeof runSchema>;

/** A run in a list: without its input and output, which can be a megabyte each. */
export const runSummarySchema = runSchema
  .omit({ input: true, output: true, output_text: true })
  .meta({ id: "RunSummary" });

export type RunSummary = z.infer<typeof runSummarySchema>;

export function isTerminal(run: Pick<Run, "status">): boolean {
  return run.status !== "running";
}
