/**
 * The life of a run. Postgres owns it; everything else asks.
 *
 * Callers see a status, the work has a phase; a state is both in one word. Asking to cancel is a
 * column, not a state: while a run is active, only its worker may end it, or the sweep once that
 * worker is lost. supabase/schemas and ARCHITECTURE.md hold the same table.
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

/** Postgres takes any 32 digits for an id; those of `z.uuid` have to name a version as well. */
const id = z.guid();
/** Postgres writes an offset (`+00:00`), which plain ISO parsing would refuse. */
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
      .describe("Where the row is read, below the Supabase project's address; as its user."),
  })
  .meta({ id: "ArtifactRef", description: "A row that the run saved." });

/**
 * Tokens. Of one call it is what the gateway reported last, never a sum of its reports; of an
 * attempt it is the sum over its calls.
 */
export const usageSchema = z
  .object({
    prompt_tokens: z.int().nonnegative(),
    completion_tokens: z.int().nonnegative(),
    total_tokens: z.int().nonnegative(),
  })
  .meta({ id: "Usage" });

/** What is known to be wrong with the output of a run that completed all the same. */
export const warningSchema = z
  .object({
    kind: z.string().describe("What it is about, such as `sum`, `date`, `reference` or `claim`."),
    path: z.string().describe("Where in the output, such as `stages[2].budget`; may be empty."),
    message: z.string(),
  })
  .meta({ id: "Warning", description: "Something that a reader of the output should know." });

export type Warning = z.infer<typeof warningSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** A run as it travels: the row's own field names, without the columns that only the ledger needs. */
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
    attempt: z.int().nonnegative().describe("How often a worker has started this run."),
    input: jsonObject,
    output: jsonObject.nullable(),
    output_text: z.string().nullable().describe("The last attempt's text, at most 1 MiB."),
    text_length: z.int().nonnegative().describe("Length of the text in UTF-16 code units."),
    truncated: z.boolean(),
    usage: usageSchema.nullable(),
    model: z.string().nullable(),
    artifacts: z.array(artifactRefSchema),
    warnings: z.array(warningSchema).describe("What is still wrong with the output."),
    save_artifacts: z.boolean(),
    on_rate_limit: z.enum(["fail", "wait"]),
    retry_of: id.nullable(),
    pipeline_id: id.nullable(),
    pipeline_step: z.int().positive().nullable().describe("Its place in the pipeline, from 1."),
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

/** A run in a list: without what was said and answered, which can be a megabyte each. */
export const runSummarySchema = runSchema
  .omit({ input: true, output: true, output_text: true })
  .meta({ id: "RunSummary" });

export type RunSummary = z.infer<typeof runSummarySchema>;

export function isTerminal(run: Pick<Run, "status">): boolean {
  return run.status !== "running";
}
