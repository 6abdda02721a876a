/**
 * Finds numeric constants and numeric environment variables in a formatted TypeScript source,
 * each with the comment above it.
 *
 * Biome's formatting makes this a matter of lines: a constant begins in the first column, a
 * variable with two spaces, and an object ends with `};`.
 */
import { formatValue, type Limit } from "./limit.ts";

const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: \w+)? = (.+)$/;
const VARIABLE =
  /^ {2}([A-Z][A-Z0-9_]*): (?:milliseconds\((\d[\d_]*)|z\.coerce\.number\(\).*\.default\((\d[\d_]*)\))/;
const MEMBER = /(\w+): (\[[\d_, ]+\]|[\d_][\d_ *+-]*)(?=[,} ]|$)/g;

export function findConstants(path: string, source: string): readonly Limit[] {
  const lines = source.split("\n");
  return lines.flatMap((line, at): readonly Limit[] => {
    const reason = commentAbove(lines, at);
    const [, variable, milliseconds, count] = VARIABLE.exec(line) ?? [];
    const byDefault = milliseconds ?? count;
    if (variable && byDefault) {
      return [{ name: variable, value: formatValue(variable, evaluate(byDefault)), reason, path }];
    }
    const [, name, begin] = CONSTANT.exec(line) ?? [];
    if (!name || !begin) return [];
    const value = begin.endsWith("{") ? joinObject(lines, at, begin) : begin.replace(/;$/, "");
    const shown = showValue(name, value.replace(/ as const$/, ""));
    return shown === null
      ? []
      : [{ name, value: shown, reason: reason || memberComments(source, value), path }];
  });
}

/** An object over several lines, on one. Its members' comments are left out. */
function joinObject(lines: readonly string[], at: number, begin: string): string {
  const end = lines.findIndex((line, i) => i > at && line.startsWith("}"));
  const members = lines.slice(at + 1, end).filter((line) => !/^\s*(\/?\*|\/\/)/.test(line));
  return `${begin} ${members.map((line) => line.trim()).join(" ")} }`;
}

/** What the type of an object in the same file says about its members. */
function memberComments(source: string, text: string): string {
  return [...text.matchAll(MEMBER)]
    .flatMap(([, member = ""]) => {
      const comment = new RegExp(`/\\*\\* (.+) \\*/\\n {2}readonly ${member}: `).exec(source);
      return comment?.[1] ? [`${member}: ${comment[1]}`] : [];
    })
    .join(" ");
}

/** Null for what is no number and no object of numbers. */
function showValue(name: string, text: string): string | null {
  if (isNumber(text)) return formatValue(name, evaluate(text));
  if (!/^\{.*\}$/.test(text)) return null;
  const members = [...text.matchAll(MEMBER)];
  const isAllNumbers = text.replace(MEMBER, "").replace(/[{}, ]/g, "") === "";
  if (members.length === 0 || !isAllNumbers) return null;
  return members
    .map(([, member = "", value = ""]) => `${member} ${showMember(name, member, value)}`)
    .join(", ");
}

/** Members without a unit of their own are in the unit of the constant. */
function showMember(name: string, member: string, value: string): string {
  const unit = /(Ms|Seconds|Bytes)$/.test(member) ? member : name;
  const numbers = value.replace(/[[\]]/g, "").split(",");
  return numbers.map((one) => formatValue(unit, evaluate(one))).join(" and ");
}

/** Character codes are written in hexadecimal and are no limits. */
function isNumber(text: string): boolean {
  return /^\d[\d_.]*(?: (?:\*\*?|[+-]) \d[\d_]*)*$/.test(text);
}

/** Products, powers and differences, as constants are written. */
function evaluate(text: string): number {
  const [sum = "0", ...subtracted] = text.replaceAll("_", "").split(" - ");
  const first = sum
    .split(" * ")
    .map((factor) => {
      const [base = "0", exponent = "1"] = factor.split(" ** ");
      return Number(base) ** Number(exponent);
    })
    .reduce((product, factor) => product * factor, 1);
  return subtracted.reduce((rest, one) => rest - Number(one), first);
}

/** The comment that ends on the line before; a comment at the top of a file is about the file. */
function commentAbove(lines: readonly string[], at: number): string {
  const comment: string[] = [];
  let i = at - 1;
  for (; i >= 0 && /^\s*(\/\*\*|\*|\/\/)/.test(lines[i] ?? ""); i -= 1) {
    comment.unshift(stripMarks(lines[i] ?? ""));
  }
  return i < 0 ? "" : comment.filter(Boolean).join(" ");
}

function stripMarks(line: string): string {
  return line
    .trim()
    .replace(/^\/\*\*|^\*\/|^\*|^\/\//, "")
    .replace(/\*\/$/, "")
    .trim();
}
