/**
 * The events that readers of a pipeline receive: the events of the runs of its steps, one after the
 * other, each enclosed by `step` and `step_ended`, and one ending.
 *
 * The id `<step>.<attempt>-<seq>` is the id of the event of the run, prefixed with the step. `step`
 * has the id `<step>.0-0`, at which no run has an event. The id of the ending is `end`.
 */
import {
  type Cursor,
  compareCursors,
  parseCursor,
  type ReaderEvent,
  type TerminalEvent,
  toEventId,
} from "./event.ts";
import type { Pipeline } from "./pipeline.ts";

type Step = { readonly step: number; readonly mode: string; readonly run_id: string };

/** `step` starts a step. `step_ended` ends it, with the data of the ending of its run. */
export type PipelineEvent =
  | { type: "pipeline"; data: Pipeline }
  | { type: "step"; id: string; data: Step }
  | { type: "step_ended"; id: string; data: Step & StepEnding }
  | Exclude<ReaderEvent, { type: "run" | TerminalEvent["type"] }>
  | PipelineEnding;

type StepEnding = TerminalEvent["data"] & { readonly status: TerminalEvent["type"] };

export type PipelineEnding = { readonly id: typeof PIPELINE_END } & (
  | {
      readonly type: "completed";
      readonly data: { readonly artifacts: Pipeline["runs"][number]["artifacts"] };
    }
  | {
      readonly type: "failed";
      readonly data: {
        readonly failed_step: string;
        readonly code: string;
        readonly error: string;
      };
    }
  | { readonly type: "cancelled"; readonly data: Readonly<Record<string, never>> }
);

export const PIPELINE_END = "end";

export interface PipelineCursor {
  readonly step: number;
  readonly cursor: Cursor;
}

/** The cursor of the `step` event. */
export const STEP_BEGIN: Cursor = { attempt: 0, seq: 0 };

export function toPipelineEventId(step: number, id: string): string {
  return `${step}.${id}`;
}

export function stepBeginId(step: number): string {
  return toPipelineEventId(step, toEventId(STEP_BEGIN));
}

/** Parses an event id other than that of the ending; null when it is invalid. */
export function parsePipelineCursor(id: string): PipelineCursor | null {
  const match = /^([1-9])\.(.*)$/.exec(id);
  const cursor = parseCursor(match?.[2] ?? "");
  return match && cursor ? { step: Number(match[1]), cursor } : null;
}

export function comparePipelineCursors(a: PipelineCursor, b: PipelineCursor): number {
  return a.step - b.step || compareCursors(a.cursor, b.cursor);
}

/** The ending that readers receive, made from the row. Null while the pipeline is in progress. */
export function pipelineEndingOf(pipeline: Pipeline): PipelineEnding | null {
  const id = PIPELINE_END;
  switch (pipeline.status) {
    case "running":
      return null;
    case "completed":
      return {
        id,
        type: "completed",
        data: { artifacts: pipeline.runs.flatMap((run) => run.artifacts) },
      };
    case "cancelled":
      return { id, type: "cancelled", data: {} };
    case "failed": {
      const failed_step = pipeline.failed_step ?? pipeline.steps[pipeline.step - 1] ?? "";
      const error = pipeline.error_message ?? "The pipeline failed.";
      return {
        id,
        type: "failed",
        data: { failed_step, code: pipeline.error_code ?? "internal", error },
      };
    }
  }
}
