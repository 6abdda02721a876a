/**
 * Where a block of data begins in an answer for people, whatever its author calls it.
 *
 * A block is a fence whose info string is `json`, with a tag or without; a fence of any name around
 * an object; or an object without a fence. A fence around anything else is prose.
 */
export type Start =
  /** Not decided before more text arrives. */
  | { readonly kind: "open" }
  /** So many characters are prose. */
  | { readonly kind: "prose"; readonly length: number }
  /** A fence: so many characters up to its tag or its content. */
  | { readonly kind: "fence"; readonly length: number }
  | { readonly kind: "object" };

/** A character that may begin a block. */
export const MAY_BEGIN = /[`{[]/g;

/** Characters of white space or of a name: longer ones are prose, so that little is held back. */
const SPACE = String.raw`\s{0,100}`;
const NAME = String.raw`["“”„][^"“”„\n]{1,60}["“”„]`;
const OBJECT = new RegExp(String.raw`(?:\[${SPACE})?\{${SPACE}${NAME}${SPACE}:`, "y");
const OBJECT_SO_FAR = new RegExp(
  String.raw`(?:\[${SPACE})?(?:\{${SPACE}(?:["“”„](?:[^"“”„\n]{0,60}|[^"“”„\n]{1,60}["“”„]${SPACE}))?)?$`,
  "y",
);
const TICKS = /`+/y;
const JSON_INFO = /[ \t]*json[c5]?(?!\w):?/iy;
const JSON_INFO_SO_FAR = /[ \t]*(?:j|js|jso|json[c5]?)?$/iy;
const NAMED = String.raw`[ \t]*[\w-]{0,30}${SPACE}(?:\[${SPACE})?`;
const NAMED_OBJECT = new RegExp(String.raw`${NAMED}\{${SPACE}["“”„']`, "y");
const NAMED_OBJECT_SO_FAR = new RegExp(String.raw`${NAMED}(?:\{${SPACE})?$`, "y");
/** A fence has so many backticks, or more. */
const TICKS_MIN = 3;

/** What begins at this place of the text. At the end of an answer, nothing stays open. */
export function startAt(text: string, at: number, atEnd: boolean): Start {
  const ticks = lengthAt(TICKS, text, at);
  if (ticks !== null) return fenceAt(text, { at, ticks, atEnd });
  if (lengthAt(OBJECT, text, at) !== null) return { kind: "object" };
  if (!atEnd && lengthAt(OBJECT_SO_FAR, text, at) !== null) return OPEN;
  return { kind: "prose", length: 1 };
}

/** The length of an info string that says JSON, at this place; null for any other text. */
export function jsonInfoAt(text: string, at: number, atEnd: boolean): number | "open" | null {
  if (!atEnd && lengthAt(JSON_INFO_SO_FAR, text, at) !== null) return "open";
  const length = lengthAt(JSON_INFO, text, at);
  // A name alone, at the end of the answer, opened nothing.
  return length !== null && at + length === text.length && !text.endsWith(":") ? null : length;
}

interface Ticks {
  readonly at: number;
  readonly ticks: number;
  readonly atEnd: boolean;
}

function fenceAt(text: string, { at, ticks, atEnd }: Ticks): Start {
  const after = at + ticks;
  if (after === text.length && !atEnd) return OPEN;
  if (ticks < TICKS_MIN) return { kind: "prose", length: ticks };
  const info = jsonInfoAt(text, after, atEnd);
  if (info === "open") return OPEN;
  if (info !== null) return { kind: "fence", length: ticks + info };
  if (lengthAt(NAMED_OBJECT, text, after) !== null) return { kind: "fence", length: ticks };
  if (!atEnd && lengthAt(NAMED_OBJECT_SO_FAR, text, after) !== null) return OPEN;
  return { kind: "prose", length: ticks };
}

const OPEN: Start = { kind: "open" };

function lengthAt(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? null;
}
