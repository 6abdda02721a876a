/** One known fault of gateways. */
import type { Refusal } from "./read-chat-request.ts";
import type { Step } from "./script.ts";

export interface Fault {
  /** For the list at `GET /`. */
  readonly description: string;
  /** The meaning of N, and its default. */
  readonly number?: { readonly means: string; readonly default: number };
  /** Answers this instead of a stream. */
  readonly refuse?: (n: number) => Refusal;
  /** Answers this instead of a stream, with the whole answer in it. */
  readonly reply?: (answer: string) => Refusal;
  /** Replaces the text of the answer; `instructions` is the system message. */
  readonly answer?: (answer: string, n: number, instructions: string) => string;
  /** The share of answers that are damaged. */
  readonly noise?: (n: number) => number;
  /** Replaces the steps of the answer. */
  readonly script?: (script: readonly Step[], n: number) => readonly Step[];
  /** Replaces the speed. */
  readonly piecesPerSecond?: (n: number) => number;
}

/** For faults in the middle of an answer. */
export const PIECES = { means: "pieces sent before", default: 30 };
