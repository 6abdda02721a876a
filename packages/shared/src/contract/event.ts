/**
 * The events that readers of a run receive, and the ids that make the stream resumable.
 *
 * Logged events have the id `<attempt>-<seq>`, which is also the SSE id and the cursor. The events
 * `run`, `snapshot` and `reconnect` are made for one connection and are never logged, and so is
 * `waiting` of a run that no worker holds.
 */
import { z } from "zod";
import { artifactRefSchema, type Run, usageSchema, warningSchema } from "./run.ts";

export const eventDataSchemas = {
  attempt: z.object({
    attempt: z.int().positive(),
    reset: z.boolean().describe("Whether to discard the text received so far."),
    reason: z.string().nullable(),
  }),
  delta: z.object({
    text: z.string(),
    offset: z
      .int()
      .nonnegative()
      .describe("The length of the preceding text of this attempt in UTF-16 code units."),
  }),
  progress: z.object({
    percent: z.int().min(0).max(100),
    done: z
      .array(z.string())
      .describe(
        "The finished sections of the output in order, or the known topics of an interview.",
      ),
    repairing: z
      .literal(true)
      .optional()
      .describe("The answer is being corrected, and `done` lists the sections of the correction."),
  }),
  partial: z.object({ path: z.string(), value: z.unknown() }),
  waiting: z.object({ reason: z.string(), until: z.iso.datetime({ offset: true }) }),
  usage: usageSchema,
  completed: z.object({
    output: z.record(z.string(), z.unknown()).nullable(),
    usage: usageSchema.nullable(),
    duration_ms: z.int(),
    artifacts: z.array(artifactRefSchema),
    warnings: z.array(warningSchema),
    text_length: z.int(),
  }),
  failed: z.object({
    code: z.string(),
    error: z.string(),
    retryable: z.boolean(),
    text_length: z.int(),
  }),
  cancelled: z.object({ text_length: z.int() }),
} as const;

type LoggedEventType = keyof typeof eventDataSchemas;
export type EventData<Type extends LoggedEventType> = z.infer<(typeof eventDataSchemas)[Type]>;

/** An event of the log without its id. */
export type RunEvent = z.infer<typeof runEventSchema>;

/** Null for an unknown event, which a newer worker may have logged. Readers skip it. */
export function parseRunEvent(type: string, data: unknown): RunEvent | null {
  if (type === "delta" && isDelta(data)) return { type, data };
  const parsed = runEventSchema.safeParse({ type, data });
  return parsed.success ? parsed.data : null;
}

/** Nearly all events are text, and the schema takes several times as long. */
function isDelta(data: unknown): data is EventData<"delta"> {
  if (typeof data !== "object" || data === null) return false;
  const hasText = "text" in data && typeof data.text === "string";
  return hasText && "offset" in data && Number.isSafeInteger(data.offset);
}

export type TerminalEvent = Extract<RunEvent, { type: "completed" | "failed" | "cancelled" }>;
export type WorkEvent = Exclude<RunEvent, TerminalEvent>;

const runEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("attempt"), data: eventDataSchemas.attempt }),
  z.object({ type: z.literal("delta"), data: eventDataSchemas.delta }),
  z.object({ type: z.literal("progress"), data: eventDataSchemas.progress }),
  z.object({ type: z.literal("partial"), data: eventDataSchemas.partial }),
  z.object({ type: z.literal("waiting"), data: eventDataSchemas.waiting }),
  z.object({ type: z.literal("usage"), data: eventDataSchemas.usage }),
  z.object({ type: z.literal("completed"), data: eventDataSchemas.completed }),
  z.object({ type: z.literal("failed"), data: eventDataSchemas.failed }),
  z.object({ type: z.literal("cancelled"), data: eventDataSchemas.cancelled }),
]);

/** The events of one connection: those of the log, and those made for the connection. */
export type ReaderEvent =
  | { type: "run"; data: Run }
  | { type: "snapshot"; data: { text: string; attempt: number } }
  | { type: "reconnect"; data: { reason: string; after: string | null } }
  /** Of a run that no worker holds. The log has this event with an id while one does. */
  | { type: "waiting"; data: EventData<"waiting"> }
  | (RunEvent & { id: string });

/**
 * The sequence number of the end is fixed. The process that ended a run in SQL can append the end
 * without knowing the length of the log, and appending it is idempotent.
 */
export const END_SEQ = 999_999_999;

export interface Cursor {
  readonly attempt: number;
  readonly seq: number;
}

export function toEventId(cursor: Cursor): string {
  return `${cursor.attempt}-${cursor.seq}`;
}

export function endIdOf(attempt: number): string {
  return toEventId({ attempt, seq: END_SEQ });
}

/** Parses an event id; null when it is invalid. */
export function parseCursor(id: string): Cursor | null {
  const match = /^(0|[1-9]\d{0,5})-(0|[1-9]\d{0,8})$/.exec(id);
  if (!match) return null;
  return { attempt: Number(match[1]), seq: Number(match[2]) };
}

export function compareCursors(a: Cursor, b: Cursor): number {
  return a.attempt - b.attempt || a.seq - b.seq;
}
