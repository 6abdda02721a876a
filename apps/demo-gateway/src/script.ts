/**
 * Represents an answer as a list of steps. A fault is a different list.
 *
 * The format is OpenAI's: a chunk with the role, chunks with text, one with the finish reason, one
 * with the usage, and `[DONE]`.
 */
import { type CountedMessage, countUsage } from "./count-usage.ts";
import { cutPieces } from "./cut-pieces.ts";

/** How a connection ends: with a complete body, in the middle of it, or with a reset. */
export type Closing = "end" | "fin" | "reset";

export type Step =
  /** Text of the answer. The speed is counted in pieces. */
  | { readonly kind: "piece"; readonly text: string; readonly form?: PieceForm }
  /** A chunk without text, with these members besides its id and model. */
  | { readonly kind: "chunk"; readonly members: Readonly<Record<string, unknown>> }
  /** A line of the stream, sent unchanged. */
  | { readonly kind: "line"; readonly line: string }
  /** Bytes, sent unchanged and repeatedly. */
  | { readonly kind: "bytes"; readonly bytes: Buffer; readonly times: number }
  /** Sends nothing until one side closes. */
  | { readonly kind: "hang" }
  | { readonly kind: "close"; readonly how: Closing };

/** Formats a piece's chunk, if it is not the usual single line. */
export type PieceForm = (chunk: object, text: string) => string;

export const DONE: Step = { kind: "line", line: "data: [DONE]" };
export const END: Step = { kind: "close", how: "end" };

export interface Answer {
  readonly text: string;
  readonly pieceChars: number;
  /** What was asked, for the usage. */
  readonly messages: readonly CountedMessage[];
}

export function newScript({ text, pieceChars, messages }: Answer): readonly Step[] {
  return [
    chunk({ role: "assistant", content: "" }, null),
    ...cutPieces(text, pieceChars).map((piece): Step => ({ kind: "piece", text: piece })),
    finish("stop"),
    { kind: "chunk", members: { choices: [], usage: countUsage(messages, text) } },
    DONE,
    END,
  ];
}

export function finish(reason: string): Step {
  return chunk({}, reason);
}

/** The steps up to and including the n-th piece, or the last piece of a shorter answer. */
export function beginning(script: readonly Step[], n: number): readonly Step[] {
  const pieces = script.flatMap((step, at) => (step.kind === "piece" ? [at] : []));
  const last = pieces[Math.min(n, pieces.length) - 1] ?? 0;
  return script.slice(0, last + 1);
}

export function dataLine(value: object): Step {
  return { kind: "line", line: `data: ${JSON.stringify(value)}` };
}

export function contentChoices(text: string): readonly object[] {
  return [{ index: 0, delta: { content: text }, finish_reason: null }];
}

function chunk(delta: object, reason: string | null): Step {
  return { kind: "chunk", members: { choices: [{ index: 0, delta, finish_reason: reason }] } };
}
