/**
 * A pipeline: runs of one workspace, one after the other, each given what the one before has saved.
 * The row says where it stands; what a step does is its run's to tell.
 */
import { z } from "zod";
import { RUN_STATUSES, runSummarySchema } from "./run.ts";

/** The modes that build on one another, in the order in which they do. */
export const PIPELINE_MODES = ["strategy", "funnels", "campaigns", "content"] as const;

const stepsSchema = z
  .array(z.enum(PIPELINE_MODES))
  .min(1)
  .refine(
    (steps) => PIPELINE_MODES.filter((mode) => steps.includes(mode)).join() === steps.join(),
    `Must be some of ${PIPELINE_MODES.join(", ")}, each once and in this order`,
  );

/** The body of `POST /v1/pipelines`. */
export const submitPipelineSchema = z
  .strictObject({
    workspace_id: z.string().optional().describe("Defaults to the caller's only or default one."),
    tenant_id: z.string().optional().describe("A claim that is checked, never trusted."),
    steps: stepsSchema,
    payload: z
      .record(z.string(), z.unknown())
      .default({})
      .describe(
        "A member named as a step is that step's payload. Every other goes to each step whose agent takes it.",
      ),
  })
  .meta({ id: "SubmitPipeline" });

const id = z.guid();
const timestamp = z.iso.datetime({ offset: true });

export const pipelineRowSchema = z.object({
  id,
  tenant_id: id,
  workspace_id: id,
  created_by: id,
  status: z.enum(RUN_STATUSES),
  steps: z.array(z.enum(PIPELINE_MODES)),
  step: z.int().positive().describe("The step it stands at, or ended at; counted from 1."),
  inputs: z
    .partialRecord(z.enum(PIPELINE_MODES), z.record(z.string(), z.unknown()))
    .describe("By step: its payload, before what earlier steps saved is added."),
  failed_step: z.enum(PIPELINE_MODES).nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  cancel_requested_at: timestamp.nullable(),
  created_at: timestamp,
  completed_at: timestamp.nullable(),
});

/** A pipeline as it travels: its row, and the runs of the steps that it has reached, in order. */
export const pipelineSchema = pipelineRowSchema
  .extend({ runs: z.array(runSummarySchema).min(1) })
  .meta({ id: "Pipeline", description: "Runs that build on one another." });

export type Pipeline = z.infer<typeof pipelineSchema>;
