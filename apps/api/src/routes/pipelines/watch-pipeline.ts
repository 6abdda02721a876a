/**
 * The events that one reader of a pipeline receives, from its cursor to the end: the streams of the
 * runs of its steps, one after the other.
 *
 * Each run is read with `watchRun` and its guarantees. A pipeline advances in the transaction that
 * ends a run, so its row is read only after the end of a run. An outage of the database ends no
 * stream; only a negative answer does.
 */
import {
  compareCursors,
  endIdOf,
  isTerminal,
  type Pipeline,
  type PipelineCursor,
  type PipelineEvent,
  parseCursor,
  pipelineEndingOf,
  type ReaderEvent,
  type Run,
  STEP_BEGIN,
  stepBeginId,
  toPipelineEventId,
} from "@cmo/shared/contract";
import type { UserPipelines } from "@cmo/shared/db";
import { AppError, retryWhileUnavailable } from "@cmo/shared/runtime";
import { isEnding } from "../../sse/read-run.ts";
import type { Send } from "../../sse/source.ts";
import { type WatchDeps, watchRun } from "../../sse/watch-run.ts";

export interface WatchPipelineDeps extends WatchDeps {
  readonly reader: WatchDeps["reader"] & { readonly pipelines: Pick<UserPipelines, "find"> };
}

export interface WatchPipelineRequest {
  readonly pipeline: Pipeline;
  readonly after: PipelineCursor | null;
  readonly signal: AbortSignal;
}

/** The polling interval during an outage of the database. */
const POLL_MS = 1000;

export async function watchPipeline(
  deps: WatchPipelineDeps,
  { pipeline: first, after, signal }: WatchPipelineRequest,
  send: Send<PipelineEvent>,
): Promise<void> {
  let pipeline = first;
  if (!(await send({ type: "pipeline", data: pipeline }))) return;
  for (let step = after?.step ?? 1; ; step += 1) {
    const cursor = after?.step === step ? after.cursor : null;
    const summary = pipeline.runs[step - 1];
    const run =
      summary && (await ask(deps, signal, () => deps.reader.runs.find(summary.id, signal)));
    if (summary && !run) return;
    if (run && !(await watchStep(deps, { step, run, cursor, signal }, send))) return;
    const next = await untilPast(deps, { pipeline, step, signal });
    if (next === null) return;
    pipeline = next;
    const ending = pipelineEndingOf(pipeline);
    if (ending && pipeline.runs.length <= step) {
      await send(ending);
      return;
    }
  }
}

/** The pipeline after it has ended or passed a step; null when the reader may not read it. */
async function untilPast(
  deps: WatchPipelineDeps,
  { pipeline, step, signal }: { pipeline: Pipeline; step: number; signal: AbortSignal },
): Promise<Pipeline | null> {
  for (;;) {
    const latest = await ask(deps, signal, () => deps.reader.pipelines.find(pipeline.id, signal));
    if (latest?.status !== "running" || latest.runs.length > step) return latest;
    await deps.clock.sleep(POLL_MS, signal);
  }
}

interface StepRequest {
  readonly step: number;
  readonly run: Run;
  readonly cursor: PipelineCursor["cursor"] | null;
  readonly signal: AbortSignal;
}

/** True when the reader has received the end of the step, now or earlier. */
async function watchStep(
  deps: WatchPipelineDeps,
  { step, run, cursor, signal }: StepRequest,
  send: Send<PipelineEvent>,
): Promise<boolean> {
  const named = { step, mode: run.mode, run_id: run.id };
  const end = parseCursor(endIdOf(run.attempt));
  if (cursor && end && isTerminal(run) && compareCursors(cursor, end) >= 0) return true;
  if (cursor === null) {
    if (!(await send({ type: "step", id: stepBeginId(step), data: named }))) return false;
  }
  const after = cursor && compareCursors(cursor, STEP_BEGIN) > 0 ? cursor : null;
  let hasEnded = false;
  await watchRun(deps, { run, after, signal }, (event) => {
    if (event.type === "run") return true;
    if (!isEnding(event)) return send(toStepEvent(step, event));
    hasEnded = true;
    const { type: status, data } = event;
    const id = toPipelineEventId(step, event.id);
    return send({ type: "step_ended", id, data: { ...named, status, ...data } });
  });
  return hasEnded;
}

type StepEvent = Exclude<
  PipelineEvent,
  { type: "pipeline" | "step" | "step_ended" | "completed" | "failed" | "cancelled" }
>;

function toStepEvent(step: number, event: StepEvent & ReaderEvent): StepEvent {
  return "id" in event ? { ...event, id: toPipelineEventId(step, event.id) } : event;
}

/** Retries during an outage. Null is a negative answer, or the reader has disconnected. */
async function ask<Answer>(
  { clock }: WatchPipelineDeps,
  signal: AbortSignal,
  question: () => Promise<Answer | null>,
): Promise<Answer | null> {
  if (signal.aborted) return null;
  try {
    return await retryWhileUnavailable(clock, { waitMs: () => POLL_MS, signal }, question);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return null;
  }
}
