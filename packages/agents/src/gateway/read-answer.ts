/**
 * Reads the frames of one answer: its text without thoughts, its usage and its end. The end may be a
 * finish reason, a `[DONE]`, or both, and usage may be in any chunk.
 */
import type { Usage } from "@cmo/shared/contract";
import type { EventSourceMessage } from "eventsource-parser";
import { failureOfStreamError, incompleteStream, unreadable } from "./classify-failure.ts";
import { readFinishReason } from "./finish-reason.ts";
import type { AnswerEnd, FinishReason, GatewayFailure } from "./gateway.ts";
import type { Quote } from "./quote.ts";
import { type Chunk, readChunk } from "./read-chunk.ts";
import { newThoughtFilter } from "./thought-filter.ts";

/** A single malformed line is tolerated; more of them are not a stream of chunks. */
const MAX_MALFORMED_FRAMES = 3;

export class AnswerReader {
  readonly #quote: Quote;
  readonly #thoughts = newThoughtFilter();
  #place: "reading" | "finishing" | "over" = "reading";
  #model: string;
  #usage: Usage | null = null;
  #costMicros: number | null = null;
  #reason: FinishReason | null = null;
  #unknownReason: string | null = null;
  #failure: GatewayFailure | null = null;
  #textLength = 0;
  #shownLength = 0;
  #thoughtLength = 0;
  #hasContent = false;
  #saidSomething = false;
  #hasChoice = false;
  #isRefused = false;
  #malformedFrames = 0;

  /** `model` is the requested model; the gateway may report another one. */
  constructor(model: string, quote: Quote) {
    this.#model = model;
    this.#quote = quote;
  }

  /** The last one that the gateway sent: each one is a total. */
  get usage(): Usage | null {
    return this.#usage;
  }

  get costMicros(): number | null {
    return this.#costMicros;
  }

  /** The model began to answer, whatever came of it. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** The gateway reported an error in place of the rest. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** The length of what the model wrote and nobody is shown. */
  get hiddenLength(): number {
    return this.#thoughtLength + Math.max(0, this.#textLength - this.#shownLength);
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
  take({ data, event }: Pick<EventSourceMessage, "data"> & Partial<EventSourceMessage>): string {
    this.#saidSomething = false;
    const text = this.#read(data.trim(), event);
    if (this.#place === "reading") return this.#show(text);
    this.#saidSomething = true;
    return this.#show(text + this.#thoughts.end());
  }

  /** Takes a body that is one whole completion, or an error. Null if it is neither. */
  takeWhole(data: string): string | null {
    const text = this.take({ data });
    if (this.#place !== "reading") return text;
    if (!this.#hasChoice) return null;
    this.#finish("stop");
    return text + this.#show(this.#thoughts.end());
  }

  #show(text: string): string {
    this.#shownLength += text.length;
    return text;
  }

  #read(data: string, event: string | undefined): string {
    if (data === "") return "";
    if (data === "[DONE]") {
      this.#reason ??= "stop";
      this.#place = "over";
      return "";
    }
    const chunk = readChunk(data);
    // What was used is paid for, also when the same chunk reports an error.
    if (chunk?.usage) this.#usage = chunk.usage;
    this.#costMicros = chunk?.costMicros ?? this.#costMicros;
    const error = event === "error" ? (chunk?.error ?? data) : chunk?.error;
    if (error) return this.#fail(failureOfStreamError(error, this.#quote));
    if (chunk === null) {
      this.#countMalformed();
      return "";
    }
    return this.#takeChunk(chunk);
  }

  /** Stops reading. The text so far counts as an answer that reached its length limit. */
  cutOff(): void {
    if (this.#textLength > 0) this.#finish("length");
  }

  /** Returns how the answer ended. Nothing may be pushed afterwards. */
  end(): AnswerEnd {
    if (this.#failure) return this.#failure;
    if (this.#reason) return { ...this.#finished(this.#reason), model: this.#model };
    // guards G1, G9: cut stream
    return incompleteStream("The gateway ended its stream without a finish reason or [DONE].");
  }

  #finished(reason: FinishReason) {
    if (reason === "stop" && this.#isRefused && this.#textLength === 0) {
      return { type: "finished", reason: "content_filter" } as const;
    }
    if (this.#unknownReason === null) return { type: "finished", reason } as const;
    const detail = `The gateway finished with an unknown reason: ${this.#unknownReason}`;
    return { type: "finished", reason, detail } as const;
  }

  #takeChunk(chunk: Chunk): string {
    if (chunk.model) this.#model = chunk.model;
    if (chunk.finishReason) this.#finish(chunk.finishReason);
    this.#saidSomething = chunk.hasContent;
    this.#hasContent ||= chunk.hasContent;
    this.#thoughtLength += chunk.thoughtLength;
    this.#hasChoice ||= chunk.hasChoice;
    this.#isRefused ||= chunk.isRefusal;
    // A whole message repeats what was streamed, so it counts only where nothing was.
    const text = chunk.text === "" && this.#textLength === 0 ? chunk.wholeText : chunk.text;
    this.#textLength += text.length;
    return text === "" ? "" : this.#thoughts.push(text);
  }

  #finish(word: string): void {
    const reason = readFinishReason(word);
    if (reason === "error") {
      const failure = failureOfStreamError({ message: `finish_reason ${word}` }, this.#quote);
      this.#fail({ ...failure, retryOnce: true });
      return;
    }
    if (this.#reason === null && reason === "unknown") this.#unknownReason = this.#quote(word);
    this.#reason ??= reason;
    this.#place = "finishing";
  }

  #countMalformed(): void {
    this.#malformedFrames += 1;
    if (this.#malformedFrames <= MAX_MALFORMED_FRAMES) return;
    this.#fail(unreadable(`The gateway sent ${this.#malformedFrames} malformed chunks.`));
  }

  /** A failure after the finish reason does not affect a complete answer. */
  #fail(failure: GatewayFailure): string {
    if (this.#reason === null) this.#failure = failure;
    this.#place = "over";
    return "";
  }
}
