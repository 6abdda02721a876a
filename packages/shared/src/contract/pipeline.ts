/**
 * A pipeline: runs of one workspace, executed one after the other, each with the artifacts of the
 * previous one. The row stores the current step; the run of a step stores its progress.
 */
import { z } from "zod";
import { RUN_STATUSES, runSummarySchema } from "./run.ts";

/** The modes that build on one another, in order. */
export const PIPELINE_MODES = ["strategy", "funnels", "campaigns", "content"] as const;

const stepsSchema = z
  .array(z.enum(PIPELINE_MODES))
  .min(1)
  .refine(
    (steps) => PIPELINE_MODES.filter((mode) => steps.includes(mode)).join() === steps.join(),
    `Must be a subset of ${PIPELINE_MODES.join(", ")}, without repetition and in this order`,
  );

/** The body of `POST /v1/pipelines`. */
export const submitPipelineSchema = z
  .strictObject({
    workspace_id: z
      .string()
      .optional()
      .describe("Defaults to the caller's only workspace or default workspace."),
    tenant_id: z
      .string()
      .optional()
      .describe("Optional. Must match the workspace; the workspace determines the tenant."),
    steps: stepsSchema,
    payload: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        "A member named after a step is the payload of that step. Every other member goes to each step whose agent accepts it.",
      ),
  })
  .meta({
    id: "SubmitPipeline",
    examples: [
      {
        steps: ["strategy", "funnels"],
        payload: {
          prompt: "Win back customers who left in spring",
          strategy: { budget: 12_000 },
        },
      },
    ],
  });

const id = z.guid();
const timestamp = z.iso.datetime({ offset: true });

export const pipelineRowSchema = z.object({
  id,
  tenant_id: id,
  workspace_id: id,
  created_by: id,
  status: z.enum(RUN_STATUSES),
  steps: z.array(z.enum(PIPELINE_MODES)),
  step: z.int().positive().describe("The current or last step, counted from 1."),
  inputs: z
    .partialRecord(z.enum(PIPELINE_MODES), z.record(z.string(), z.unknown()))
    .describe("The payload of each step, without the artifacts of the previous steps."),
  failed_step: z.enum(PIPELINE_MODES).nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  cancel_requested_at: timestamp.nullable(),
  created_at: timestamp,
  completed_at: timestamp.nullable(),
});

/** The representation of a pipeline: its row, and the runs of the steps reached so far, in order. */
export const pipelineSchema = pipelineRowSchema
  .extend({ runs: z.array(runSummarySchema).min(1) })
  .meta({ id: "Pipeline", description: "A sequence of runs that build on one another." });

export type Pipeline = z.infer<typeof pipelineSchema>;
