/**
 * The events of a stream as they are on the wire: the data of each event names its type as well, so that
 * a client that sees nothing but the data can tell events apart.
 *
 * These schemas describe; nothing is parsed with them. `run` and `pipeline` hold what their routes return.
 */
import { z } from "zod";
import { errorCodeSchema } from "./error-code.ts";
import { eventDataSchemas } from "./event.ts";
import { PIPELINE_MODES, pipelineSchema } from "./pipeline.ts";
import { artifactRefSchema, runSchema } from "./run.ts";

function eventOf<Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  { shape }: z.ZodObject<Shape>,
  id = `${type.charAt(0).toUpperCase()}${type.slice(1)}Event`,
) {
  return z.object({ type: z.literal(type), ...shape }).meta({ id });
}

const failedSchema = eventDataSchemas.failed.extend({ code: errorCodeSchema });

/** The events of an attempt, and those of one connection. */
const inProgress = [
  eventOf("attempt", eventDataSchemas.attempt),
  eventOf("delta", eventDataSchemas.delta),
  eventOf("progress", eventDataSchemas.progress),
  eventOf("partial", eventDataSchemas.partial),
  eventOf("waiting", eventDataSchemas.waiting),
  eventOf("usage", eventDataSchemas.usage),
  eventOf("snapshot", z.object({ text: z.string(), attempt: z.int().nonnegative() })),
  eventOf(
    "reconnect",
    z.object({
      reason: z.enum(["planned", "draining", "expired"]),
      after: z.string().nullable().describe("The cursor to reconnect with."),
    }),
  ),
] as const;

export const runStreamEventSchema = z
  .discriminatedUnion("type", [
    eventOf("run", runSchema),
    ...inProgress,
    eventOf("completed", eventDataSchemas.completed),
    eventOf("failed", failedSchema),
    eventOf("cancelled", eventDataSchemas.cancelled),
  ])
  .meta({
    id: "RunStreamEvent",
    description:
      "The data of one event of the stream of a run. docs/stream-protocol.md has the rules.",
  });

const stepSchema = z.object({
  step: z.int().positive(),
  mode: z.enum(PIPELINE_MODES),
  run_id: z.guid(),
});

/** With the data of the ending of its run, which differs by `status`. */
const stepEndedSchema = stepSchema.extend({
  status: z.enum(["completed", "failed", "cancelled"]),
  text_length: z.int(),
  ...eventDataSchemas.completed.omit({ text_length: true }).partial().shape,
  ...failedSchema.omit({ text_length: true }).partial().shape,
});

export const pipelineStreamEventSchema = z
  .discriminatedUnion("type", [
    eventOf("pipeline", pipelineSchema),
    eventOf("step", stepSchema),
    eventOf("step_ended", stepEndedSchema, "StepEndedEvent"),
    ...inProgress,
    eventOf(
      "completed",
      z.object({ artifacts: z.array(artifactRefSchema) }),
      "PipelineCompletedEvent",
    ),
    eventOf(
      "failed",
      z.object({
        failed_step: z.enum(PIPELINE_MODES),
        code: errorCodeSchema,
        error: z.string().describe("A sentence to display."),
      }),
      "PipelineFailedEvent",
    ),
    eventOf("cancelled", z.object({}), "PipelineCancelledEvent"),
  ])
  .meta({
    id: "PipelineStreamEvent",
    description:
      "The data of one event of the stream of a pipeline. docs/pipelines.md has the rules.",
  });
