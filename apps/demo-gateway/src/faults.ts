/**
 * The table of known faults of gateways, by name.
 *
 * A marker in any message requests one: `[[fault:NAME]]`, or `[[fault:NAME@N]]` with a number.
 * `NAME-once` fails only the first request of a run. `NAME-first-attempt` fails every request of the
 * run's first attempt.
 */
import { gzipSync } from "node:zlib";
import { BODIES } from "./bodies.ts";
import { DIALECT_FAULTS } from "./dialect-faults.ts";
import { ENDINGS } from "./endings.ts";
import { type Fault, PIECES } from "./fault.ts";
import { FLOODS } from "./floods.ts";
import { ODDITIES } from "./oddities.ts";
import type { ChatMessage } from "./read-chat-request.ts";
import { REFUSALS } from "./refusals.ts";
import { beginning, dataLine, END, type Step } from "./script.ts";
import { SHAPES } from "./shapes.ts";

const WRONG = '{"demo": "Not the members that were asked for."}';
/** Its two halves travel in two pieces. */
const EMOJI = "\u{1f680}";
const MIB = 1024 * 1024;
const MIB_OF_TEXT = { means: "MiB of text", default: 2 };

export const FAULTS: Readonly<Record<string, Fault>> = {
  ...REFUSALS,
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
    description: "Ends in the middle like a complete response, without finish_reason and [DONE].",
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
  ...ENDINGS,
  ...SHAPES,
  ...ODDITIES,
  ...BODIES,
  ...DIALECT_FAULTS,
  "no-text": {
    description: "A complete stream without any text.",
    answer: () => "",
  },
  "many-headers": {
    description: "Answers with an excessive number of headers.",
    number: { means: "headers", default: 10_000 },
    refuse: (n) => ({
      status: 200,
      headers: Object.fromEntries(Array.from({ length: n }, (_, i) => [`x-filler-${i}`, "x"])),
      body: "",
    }),
  },
  redirect: {
    description: "Redirects the request to another port of this machine.",
    number: { means: "the port", default: 9 },
    refuse: (n) => ({
      status: 307,
      headers: { location: `http://127.0.0.1:${n}/latest/meta-data/` },
      body: "",
    }),
  },
  "encoded-often": {
    description: "Declares its body as compressed many times.",
    number: { means: "times", default: 1_000 },
    refuse: (n) => ({
      status: 200,
      headers: { "content-encoding": Array(n).fill("gzip").join(", ") },
      body: "",
    }),
  },
  "gzip-bomb": {
    description: "A compressed stream of comments, although no compression was requested.",
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
    description: "Calls tools that were not offered, then answers.",
    number: { means: "calls", default: 100 },
    script: (script, n) => [...Array.from({ length: n }, (_, i) => toolCall(i)), ...script],
  },
  "invalid-output": {
    description: "A complete stream of valid JSON with the wrong members.",
    answer: (answer) => (answer.startsWith("{") ? WRONG : `\`\`\`json:brand\n${WRONG}\n\`\`\``),
  },
  recital: {
    description: "Repeats its instructions, as a model does after a prompt injection.",
    answer: (_answer, _n, instructions) => `Of course. My instructions are:\n\n${instructions}`,
  },
  noisy: {
    description: "Damages the answer with a given probability, as models do.",
    number: { means: "damaged answers in a hundred", default: 35 },
    noise: (n) => Math.min(n, 100) / 100,
  },
  "odd-characters": {
    description: "NUL, half a character, noncharacters, and a character cut in two by its pieces.",
    // Between two words, because outside of a text they would break the JSON, which is another fault.
    answer: (answer) => answer.replace(/(?<=\w) (?=\w)/, ` \u0000\ud83d \ufffe\uffff ${EMOJI} `),
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
  /** The marker's content, with number and suffix. */
  readonly marker: string;
  readonly name: string;
  readonly n: number | null;
  readonly only: "once" | "first-attempt" | null;
}

const MARKER = /\[\[fault:([\w-]+?)(?:-(once|first-attempt))?(?:@(\d+))?\]\]/g;

/** The fault that the last marker of a conversation requests. */
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

/** Removes markers, because an answer that repeated one would spread it. */
export function withoutMarkers(text: string): string {
  return text.replace(MARKER, "");
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
