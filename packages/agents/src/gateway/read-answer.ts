/**
 * Reads the frames of one answer in the `chat.completion.chunk` format and its variants: members
 * may be missing, null or unknown, the end may be a finish reason, a `[DONE]`, or both, and usage
 * may be in any chunk.
 */
import type { Usage } from "@cmo/shared/contract";
import type { EventSourceMessage } from "eventsource-parser";
import { z } from "zod";
import { failureOfStreamError, incompleteStream } from "./classify-failure.ts";
import type { FinishReason, GatewayEvent, GatewayFailure } from "./gateway.ts";

/** A single malformed line is tolerated; more of them are not a stream of chunks. */
const MAX_MALFORMED_FRAMES = 3;

const textOrNull = z.string().nullish().catch(null);
const chunkSchema = z.object({
  model: textOrNull,
  choices: z
    .array(
      z.object({
        delta: z.looseObject({ content: textOrNull }).nullish().catch(null),
        finish_reason: textOrNull,
      }),
    )
    .nullish()
    .catch(null),
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
});
type Chunk = z.infer<typeof chunkSchema>;

const count = z.int().nonnegative();
const usageSchema = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count.nullish(),
  })
  .transform((usage) => ({
    ...usage,
    total_tokens: usage.total_tokens ?? usage.prompt_tokens + usage.completion_tokens,
  }));

export class AnswerReader {
  #place: "reading" | "finishing" | "over" = "reading";
  #model: string;
  #usage: Usage | null = null;
  #reason: FinishReason | null = null;
  #failure: GatewayFailure | null = null;
  #textLength = 0;
  #saidSomething = false;
  #malformedFrames = 0;

  /** `model` is the requested model; the gateway may report another one. */
  constructor(model: string) {
    this.#model = model;
  }

  /** The last one that the gateway sent: each one is a total. */
  get usage(): Usage | null {
    return this.#usage;
  }

  /** `finishing`: the answer is complete, only usage may follow. `over`: nothing may follow. */
  get place(): "reading" | "finishing" | "over" {
    return this.#place;
  }

  /**
   * Whether the last frame contained text, thoughts or the end. An empty frame counts as a comment:
   * a proxy may send it on behalf of a model that is gone.
   */
  get saidSomething(): boolean {
    return this.#saidSomething;
  }

  /** Takes a frame and returns its text. */
  take(frame: EventSourceMessage): string {
    this.#saidSomething = false;
    const text = this.#read(frame);
    this.#saidSomething ||= text !== "" || this.#place !== "reading";
    return text;
  }

  #read(frame: EventSourceMessage): string {
    const data = frame.data.trim();
    if (data === "") return "";
    if (data === "[DONE]") {
      this.#reason ??= "stop";
      this.#place = "over";
      return "";
    }
    const chunk = parseChunk(data);
    if (chunk === null) {
      this.#countMalformed();
      return "";
    }
    const error = frame.event === "error" ? (chunk.error ?? data) : chunk.error;
    return error ? this.#fail(failureOfStreamError(error)) : this.#takeChunk(chunk);
  }

  /** Stops reading. The text so far counts as an answer that reached its length limit. */
  cutOff(): void {
    if (this.#textLength > 0) this.#finish("length");
  }

  /** Returns how the answer ended. Nothing may be pushed afterwards. */
  end(): GatewayEvent {
    if (this.#failure) return this.#failure;
    if (this.#reason) return { type: "finished", reason: this.#reason, model: this.#model };
    // guards G1, G9: cut stream
    return incompleteStream("The gateway ended its stream without a finish reason or [DONE].");
  }

  #takeChunk(chunk: Chunk): string {
    const usage = usageSchema.safeParse(chunk.usage);
    if (usage.success) this.#usage = usage.data;
    if (chunk.model) this.#model = chunk.model;

    const choice = chunk.choices?.[0];
    if (choice?.finish_reason) this.#finish(choice.finish_reason);
    const { role: _, ...delta } = choice?.delta ?? {};
    this.#saidSomething = Object.values(delta).some(hasContent);
    const text = choice?.delta?.content ?? "";
    this.#textLength += text.length;
    return text;
  }

  #finish(reason: string): void {
    if (reason === "error") {
      this.#fail(failureOfStreamError({ message: "finish_reason error" }));
      return;
    }
    this.#reason ??= reason === "length" || reason === "content_filter" ? reason : "stop";
    this.#place = "finishing";
  }

  #countMalformed(): void {
    this.#malformedFrames += 1;
    if (this.#malformedFrames <= MAX_MALFORMED_FRAMES) return;
    this.#fail(incompleteStream(`The gateway sent ${this.#malformedFrames} malformed chunks.`));
  }

  /** A failure after the finish reason does not affect a complete answer. */
  #fail(failure: GatewayFailure): string {
    if (this.#reason === null) this.#failure = failure;
    this.#place = "over";
    return "";
  }
}

/** Reasoning models report their thoughts in separate members. */
function hasContent(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function parseChunk(data: string): Chunk | null {
  try {
    const result = chunkSchema.safeParse(JSON.parse(data));
    return result.success ? result.data : null;
  } catch {
    // Not JSON: the caller counts malformed lines.
    return null;
  }
}
