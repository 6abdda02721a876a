/**
 * Reads one chunk in the `chat.completion.chunk` format and its variants: members may be missing,
 * null or unknown, content may be a list of parts, and a last chunk may hold a whole message.
 *
 * Every chunk of every run passes here, so its members are read by hand and nothing else is touched.
 */
import { toBoundedText, type Usage } from "@cmo/shared/contract";
import { findError } from "./find-error.ts";
import { isObject, type JsonObject, memberOf, parseJson } from "./json-value.ts";
import { readCostMicros, readUsage } from "./read-usage.ts";

export interface Chunk {
  /** Null if there is none. */
  readonly error: unknown;
  readonly model: string | null;
  readonly usage: Usage | null;
  /** What the gateway says that it has charged so far, in millionths of a US dollar. */
  readonly costMicros: number | null;
  /** The text that continues the answer. */
  readonly text: string;
  /** The text of a whole message; it repeats what came before it. */
  readonly wholeText: string;
  readonly hasChoice: boolean;
  /** Text, thoughts, a tool call or anything else that a model produced. */
  readonly hasContent: boolean;
  /** The length of thoughts in members of their own. Some gateways send them in two forms. */
  readonly thoughtLength: number;
  /** The model declined in a member of its own instead of in its text. */
  readonly isRefusal: boolean;
  readonly finishReason: string | null;
}

/** Longer than any name of a model or a finish reason. */
const MAX_NAME_LENGTH = 200;

/** Null for data that is no chunk. */
export function readChunk(data: string): Chunk | null {
  const body = parseJson(data);
  if (!isObject(body) && !Array.isArray(body)) return null;
  const members: JsonObject = isObject(body) ? body : {};
  const choices = members["choices"];
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  const error = findError(body) ?? (isObject(choice) ? choice["error"] : null);
  if (!error && !isObject(body)) return null;
  const usage = members["usage"] ?? memberOf(members["x_groq"], "usage");
  return {
    error: error || null,
    model: nameIn(members["model"]),
    usage: readUsage(usage),
    costMicros: readCostMicros(usage),
    ...(isObject(choice) ? readChoice(choice) : NO_CHOICE),
  };
}

const NO_CHOICE = {
  text: "",
  wholeText: "",
  hasChoice: false,
  hasContent: false,
  thoughtLength: 0,
  isRefusal: false,
  finishReason: null,
} as const;

function readChoice(choice: JsonObject): Omit<Chunk, "error" | "model" | "usage" | "costMicros"> {
  const delta = isObject(choice["delta"]) ? choice["delta"] : null;
  const message = isObject(choice["message"]) ? choice["message"] : null;
  const text = delta ? textOf(delta["content"]) : "";
  const wholeText = message ? textOf(message["content"]) : "";
  const refusal = (delta ?? message)?.["refusal"];
  return {
    text,
    wholeText,
    hasChoice: true,
    hasContent: text !== "" || wholeText !== "" || hasContent(delta),
    thoughtLength: thoughtLengthIn(delta ?? message),
    isRefusal: typeof refusal === "string" && refusal !== "",
    finishReason: nameIn(choice["finish_reason"]),
  };
}

/** Thoughts, images and citations are parts of other types, which no reader is shown. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const part of content) {
    if (typeof part === "string") text += part;
    else if (isObject(part) && isTextPart(part)) text += part["text"];
  }
  return text;
}

function isTextPart({ type, text }: JsonObject): boolean {
  const isText = type === undefined || type === "text" || type === "output_text";
  return isText && typeof text === "string";
}

/** Reasoning models report their thoughts in separate members. */
function hasContent(delta: JsonObject | null): boolean {
  for (const key in delta) {
    if (key !== "role" && isFilled(delta[key])) return true;
  }
  return false;
}

function thoughtLengthIn(delta: JsonObject | null): number {
  let length = 0;
  for (const key of THOUGHTS) {
    const thought = delta?.[key];
    if (typeof thought === "string") length = Math.max(length, thought.length);
  }
  return length;
}

const THOUGHTS = ["reasoning_content", "reasoning"] as const;

function isFilled(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function nameIn(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? toBoundedText(value, MAX_NAME_LENGTH) : null;
}
