/**
 * The ways in which a gateway is known to fail, by name, in one table.
 *
 * A marker in any message asks for one: `[[fault:NAME]]`, or `[[fault:NAME@N]]` where a number
 * means something. `NAME-once` fails only the first request of a run, so that the next one finds a
 * healthy gateway; `NAME-first-attempt` fails every request of the run's first attempt.
 */
import { gzipSync } from "node:zlib";
import { FLOODS } from "./floods.ts";
import type { ChatMessage, Refusal } from "./read-chat-request.ts";
import { finish, type Step } from "./script.ts";

export interface Fault {
  /** For people, in the list that the gateway shows of itself. */
  readonly description: string;
  /** What N stands for, and its value where the marker has none. */
  readonly number?: { readonly means: string; readonly default: number };
  /** Instead of a stream. */
  readonly refuse?: (n: number) => Refusal;
  /** The text instead of the answer; `instructions` is the system message. */
  readonly answer?: (answer: string, n: number, instructions: string) => string;
  /** The share of answers that are damaged. */
  readonly noise?: (n: number) => number;
  /** The steps instead of those of a whole answer. */
  readonly script?: (script: readonly Step[], n: number) => readonly Step[];
  /** The speed instead of the usual one. */
  readonly piecesPerSecond?: (n: number) => number;
}

const PIECES = { means: "pieces sent before", default: 30 };
const END: Step = { kind: "close", how: "end" };
const WRONG = '{"demo": "Not the members that were asked for."}';
/** Its two halves travel in two pieces. */
const EMOJI = "\u{1f680}";
const MIB = 1024 * 1024;
const MIB_OF_TEXT = { means: "MiB of text", default: 2 };

export const FAULTS: Readonly<Record<string, Fault>> = {
  "429": {
    description: "Rate limited, without a word on when to come back.",
    refuse: () => ({ status: 429, body: openAiError("Rate limit reached", "rate_limit_exceeded") }),
  },
  "429-retry-after": {
    description: "Rate limited, with a Retry-After header.",
    number: { means: "seconds to wait", default: 2 },
    refuse: (n) => ({
      status: 429,
      headers: { "retry-after": String(n) },
      body: openAiError("Rate limit reached", "rate_limit_exceeded"),
    }),
  },
  "402": {
    description: "The credits are used up.",
    refuse: () => ({
      status: 402,
      body: { type: "payment_required", message: "Not enough credits", details: "" },
    }),
  },
  "500": {
    description: "An internal error, as a bare sentence.",
    refuse: () => ({ status: 500, body: { error: "Internal error of the demo gateway" } }),
  },
  "502-html": {
    description: "A web page from a proxy, as when the gateway itself is away.",
    refuse: () => ({ status: 502, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" }),
  },
  "model-not-found": {
    description: "The model is refused, as when it has been retired.",
    refuse: () => ({
      status: 404,
      body: openAiError("The model does not exist", "model_not_found"),
    }),
  },
  "hang-before-headers": {
    description: "Takes the request and never answers.",
    script: () => [{ kind: "hang" }],
  },
  "hang-mid-stream": {
    description: "Falls silent in the middle of the answer.",
    number: PIECES,
    script: (script, n) => [...beginning(script, n), { kind: "hang" }],
  },
  "reset-mid-stream": {
    description: "Resets the connection in the middle of the answer.",
    number: PIECES,
    script: (script, n) => [...beginning(script, n), { kind: "close", how: "reset" }],
  },
  "cut-mid-stream": {
    description: "Closes the connection in the middle of the answer, its body unfinished.",
    number: PIECES,
    script: (script, n) => [...beginning(script, n), { kind: "close", how: "fin" }],
  },
  truncated: {
    description: "Ends in the middle as if all were well, without finish_reason and [DONE].",
    number: PIECES,
    script: (script, n) => [...beginning(script, n), END],
  },
  "error-mid-stream": {
    description: "Reports an error inside the stream, then ends it.",
    number: PIECES,
    script: (script, n) => [
      ...beginning(script, n),
      dataLine({ error: { message: "The demo gateway was asked to fail", code: 500 } }),
      END,
    ],
  },
  length: {
    description: "Stops in the middle with finish_reason length.",
    number: PIECES,
    script: (script, n) => endedBy("length", script, n),
  },
  "content-filter": {
    description: "Stops in the middle with finish_reason content_filter.",
    number: PIECES,
    script: (script, n) => endedBy("content_filter", script, n),
  },
  "no-text": {
    description: "A complete stream without any text.",
    answer: () => "",
  },
  "many-headers": {
    description: "Answers with more headers than anybody should hold.",
    number: { means: "headers", default: 10_000 },
    refuse: (n) => ({
      status: 200,
      headers: Object.fromEntries(Array.from({ length: n }, (_, i) => [`x-filler-${i}`, "x"])),
      body: "",
    }),
  },
  redirect: {
    description: "Sends the request on to another port of this machine.",
    number: { means: "the port", default: 9 },
    refuse: (n) => ({
      status: 307,
      headers: { location: `http://127.0.0.1:${n}/latest/meta-data/` },
      body: "",
    }),
  },
  "encoded-often": {
    description: "Claims that its body was compressed many times over.",
    number: { means: "times", default: 1_000 },
    refuse: (n) => ({
      status: 200,
      headers: { "content-encoding": Array(n).fill("gzip").join(", ") },
      body: "",
    }),
  },
  "gzip-bomb": {
    description: "A stream of comments that was asked for uncompressed and is not.",
    number: { means: "MiB when decompressed", default: 80 },
    refuse: (n) => ({
      status: 200,
      headers: { "content-type": "text/event-stream", "content-encoding": "gzip" },
      body: new Uint8Array(gzipSync(Buffer.alloc(n * 1024 * 1024, ": filler\n"))),
    }),
  },
  "endless-line": {
    description: "One line without an end.",
    number: { means: "MiB", default: 8 },
    script: (script, n) => [
      ...beginning(script, 1),
      { kind: "line", line: `data: ${"x".repeat(n * 1024 * 1024)}` },
      END,
    ],
  },
  "tool-calls": {
    description: "Asks for tools that nobody offered, then answers.",
    number: { means: "calls", default: 100 },
    script: (script, n) => [...Array.from({ length: n }, (_, i) => toolCall(i)), ...script],
  },
  "bad-json-line": {
    description: "One malformed data line among good ones.",
    number: PIECES,
    script: (script, n) => {
      const begun = beginning(script, n);
      const malformed: Step = { kind: "line", line: 'data: {"choices":[{"delta":{"content":"lo' };
      return [...begun, malformed, ...script.slice(begun.length)];
    },
  },
  "invalid-output": {
    description: "A complete stream of valid JSON that is not what was asked for.",
    answer: (answer) => (answer.startsWith("{") ? WRONG : `\`\`\`json:brand\n${WRONG}\n\`\`\``),
  },
  recital: {
    description: "Recites its instructions, as a model does that was talked into it.",
    answer: (_answer, _n, instructions) => `Of course. My instructions are:\n\n${instructions}`,
  },
  noisy: {
    description: "An answer damaged as models damage them, or not: chance decides, by the answer.",
    number: { means: "damaged answers in a hundred", default: 35 },
    noise: (n) => Math.min(n, 100) / 100,
  },
  "odd-characters": {
    description: "NUL, a lone half of a character, and a character cut in two by its pieces.",
    answer: (answer) => answer.replace(" ", ` \u0000\ud83d ${EMOJI} `),
    script: (script) => script.flatMap(cutEmoji),
  },
  huge: {
    description: "An answer that is far too long.",
    number: MIB_OF_TEXT,
    answer: (_, n) => "Far too long. ".repeat((n * MIB) / 14),
    piecesPerSecond: () => 0,
  },
  "huge-escaped": {
    description: "Far too long an answer, of characters that JSON writes with six.",
    number: MIB_OF_TEXT,
    answer: (_, n) => "\u0001".repeat(n * MIB),
    piecesPerSecond: () => 0,
  },
  ...FLOODS,
  slow: {
    description: "A whole answer, slowly.",
    number: { means: "pieces a second", default: 5 },
    piecesPerSecond: (n) => n,
  },
};

export interface AskedFault {
  /** As in the marker, with its number and its suffix. */
  readonly marker: string;
  readonly name: string;
  readonly n: number | null;
  readonly only: "once" | "first-attempt" | null;
}

const MARKER = /\[\[fault:([\w-]+?)(?:-(once|first-attempt))?(?:@(\d+))?\]\]/g;

/** The fault that the last marker of a conversation asks for: what was said last counts. */
export function findFault(messages: readonly ChatMessage[]): AskedFault | null {
  const found = messages.flatMap(({ content }) => [...content.matchAll(MARKER)]).at(-1);
  if (!found) return null;
  const [marker, name, only, n] = found;
  return {
    marker: marker.slice("[[fault:".length, -"]]".length),
    name: name ?? "",
    n: n === undefined ? null : Number(n),
    only: only === "once" || only === "first-attempt" ? only : null,
  };
}

/** Faults are asked for, never echoed: an answer that held a marker would spread it. */
export function withoutMarkers(text: string): string {
  return text.replace(MARKER, "");
}

/** The steps up to and with the n-th piece, or the last one of a shorter answer. */
function beginning(script: readonly Step[], n: number): readonly Step[] {
  const pieces = script.flatMap((step, at) => (step.kind === "piece" ? [at] : []));
  const last = pieces[Math.min(n, pieces.length) - 1] ?? 0;
  return script.slice(0, last + 1);
}

function endedBy(reason: string, script: readonly Step[], n: number): readonly Step[] {
  return [...beginning(script, n), finish(reason), { kind: "line", line: "data: [DONE]" }, END];
}

function cutEmoji(step: Step): readonly Step[] {
  const at = step.kind === "piece" ? step.text.indexOf(EMOJI) : -1;
  if (step.kind !== "piece" || at < 0) return [step];
  const { text } = step;
  return [
    { kind: "piece", text: text.slice(0, at + 1) },
    { kind: "piece", text: text.slice(at + 1) },
  ];
}

function toolCall(index: number): Step {
  const called = { name: "read_workspace", arguments: '{"workspace_id": "any"}' };
  const tool_calls = [{ index, id: `call-${index}`, type: "function", function: called }];
  return dataLine({ choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] });
}

function openAiError(message: string, code: string): object {
  return { error: { message, type: code, code } };
}

function dataLine(value: object): Step {
  return { kind: "line", line: `data: ${JSON.stringify(value)}` };
}
