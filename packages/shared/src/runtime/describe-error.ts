/**
 * Describes anything that was thrown. Nothing here throws, and every text is bounded: an error's
 * members may be getters that throw, its causes may form a circle, and its message may be a whole
 * answer of another server.
 */
import { toBoundedText } from "../contract/index.ts";

/** Characters of an error's name and code. */
const NAME_MAX = 100;
/** Characters of an error's message, in logs and in rows. */
const MESSAGE_MAX = 2000;
/** Characters of an error's stack after its message. */
const STACK_MAX = 4000;
/** Causes that are logged with an error. */
const CAUSES_MAX = 4;

export interface ErrorFields {
  readonly name?: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** One sentence for a log or a row: the message of an error, or the text of any other value. */
export function describeError(error: unknown): string {
  return toBoundedText(messageOf(error), MESSAGE_MAX);
}

/** Keeps the causes, and of each error only the fields that cannot hold a header or a body. */
export function toErrorFields(error: unknown, depth = 0): ErrorFields {
  const message = describeError(error);
  if (!isObject(error) || !isError(error)) return { message };
  const code = read(error, "code");
  const stack = read(error, "stack");
  const cause = read(error, "cause");
  return {
    // guards G21: errors
    name: textOf(read(error, "name"), NAME_MAX) ?? "Error",
    message,
    ...(typeof code === "number" ? { code } : {}),
    ...(typeof code === "string" ? { code: toBoundedText(code, NAME_MAX) } : {}),
    ...(typeof stack === "string" ? { stack: boundStack(stack, messageOf(error), message) } : {}),
    ...(cause && depth < CAUSES_MAX ? { cause: toErrorFields(cause, depth + 1) } : {}),
  };
}

/** A stack begins with the whole message, so a long one would leave no room for the calls. */
function boundStack(stack: string, whole: string, message: string): string {
  const at = whole === "" ? -1 : stack.indexOf(whole);
  const short = at < 0 ? stack : stack.slice(0, at) + message + stack.slice(at + whole.length);
  return toBoundedText(short, MESSAGE_MAX + STACK_MAX);
}

function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (isObject(error)) {
    const message = read(error, "message");
    if (typeof message === "string") return message;
  }
  try {
    return String(error);
  } catch {
    // Its conversion throws, or it has none.
    return "A value without a description was thrown";
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isError(value: object): boolean {
  try {
    return value instanceof Error;
  } catch {
    // A proxy may refuse the question.
    return false;
  }
}

function read(value: object, member: string): unknown {
  try {
    return Reflect.get(value, member);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown, max: number): string | undefined {
  return typeof value === "string" ? toBoundedText(value, max) : undefined;
}
