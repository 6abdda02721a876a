/** Takes the definition of a column apart: `text not null default 'x' check (…)`. */

export interface ColumnParts {
  readonly type: string;
  /** The expression of the default. */
  readonly fallback: string | null;
  /** How the column is computed from others: `generated always as (…) stored`. */
  readonly generated: string | null;
  /** With their brackets. */
  readonly checks: readonly string[];
  readonly isUnique: boolean;
  /** All after `references`. */
  readonly reference: string | null;
}

const KEYWORDS = [
  "not null",
  "default",
  "check",
  "primary key",
  "unique",
  "references",
  "generated",
  "constraint",
];

export function readColumnParts(definition: string): ColumnParts {
  const parts = splitAtKeywords(definition);
  return {
    type: parts[0]?.trim() ?? "",
    fallback: parts.flatMap((part) => after("default ", part))[0] ?? null,
    generated: parts.find((part) => part.startsWith("generated ")) ?? null,
    checks: parts.flatMap((part) => after("check ", part)),
    isUnique: parts.includes("unique"),
    reference: parts.flatMap((part) => after("references ", part))[0] ?? null,
  };
}

const after = (keyword: string, part: string): string[] =>
  part.startsWith(keyword) ? [part.slice(keyword.length).trim()] : [];

/** At each keyword that stands in no brackets and no quotes. */
function splitAtKeywords(definition: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < definition.length; at += 1) {
    const character = definition[at];
    if (character === "'") quoted = !quoted;
    if (quoted) continue;
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    const rest = definition.slice(at);
    if (depth === 0 && at > start && isKeyword(rest) && definition[at - 1] === " ") {
      parts.push(definition.slice(start, at).trim());
      start = at;
    }
  }
  return [...parts, definition.slice(start).trim()];
}

const isKeyword = (text: string): boolean =>
  KEYWORDS.some((keyword) => text.startsWith(`${keyword} `) || text === keyword);
