/**
 * Bounds a line of the log. An ordinary line costs one comparison; only a line that is too long is
 * parsed, and its texts are cut.
 */
import { toBoundedText } from "../contract/index.ts";

/** Characters of a line of the log. Enough for an error with its causes. */
const LINE_MAX = 32_768;
/** Characters of each text in a line that was too long. */
const TEXT_MAX = 1000;
/** Members of each list and object in a line that was too long. */
const MEMBERS_MAX = 30;
/** Levels of nested values in a line that was too long. */
const DEPTH_MAX = 8;

/** Kept even when the other fields are too many or too long together. */
const ESSENTIAL = ["level", "time", "app", "runId", "attempt", "reqId", "msg"];

export function boundLine(line: string): string {
  if (line.length <= LINE_MAX) return line;
  const fields = Object.entries(fieldsOf(line));
  const essential = fields.filter(([name]) => ESSENTIAL.includes(name));
  const cut = toLine([...essential, ...fields]);
  return cut.length <= LINE_MAX ? cut : toLine(essential);
}

function toLine(entries: [string, unknown][]): string {
  const bounded = boundValue(Object.fromEntries(entries), 0);
  return `${JSON.stringify({ ...Object(bounded), truncated: true })}\n`;
}

function fieldsOf(line: string): object {
  const parsed: unknown = JSON.parse(line);
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}

function boundValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return toBoundedText(value, TEXT_MAX);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEPTH_MAX) return "…";
  if (Array.isArray(value)) {
    return value.slice(0, MEMBERS_MAX).map((member) => boundValue(member, depth + 1));
  }
  const entries = Object.entries(value).slice(0, MEMBERS_MAX);
  return Object.fromEntries(
    entries.map(([name, member]) => [toBoundedText(name, TEXT_MAX), boundValue(member, depth + 1)]),
  );
}
