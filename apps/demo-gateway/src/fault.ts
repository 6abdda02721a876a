/** One way in which a gateway is known to fail. */
import type { Refusal } from "./read-chat-request.ts";
import type { Step } from "./script.ts";

export interface Fault {
  /** For people, in the list that the gateway shows of itself. */
  readonly description: string;
  /** What N stands for, and its value where the marker has none. */
  readonly number?: { readonly means: string; readonly default: number };
  /** Instead of a stream. */
  readonly refuse?: (n: number) => Refusal;
  /** A body that is no stream, made of the whole answer. */
  readonly reply?: (answer: string) => Refusal;
  /** The text instead of the answer; `instructions` is the system message. */
  readonly answer?: (answer: string, n: number, instructions: string) => string;
  /** The share of answers that are damaged. */
  readonly noise?: (n: number) => number;
  /** The steps instead of those of a whole answer. */
  readonly script?: (script: readonly Step[], n: number) => readonly Step[];
  /** The speed instead of the usual one. */
  readonly piecesPerSecond?: (n: number) => number;
}

/** For faults that come in the middle of an answer. */
export const PIECES = { means: "pieces sent before", default: 30 };
