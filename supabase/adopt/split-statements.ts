/** Splits the text of an SQL file into its statements, without comments between them. */

const QUOTED = /\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//y;

export function splitStatements(sql: string): string[] {
  return splitOutside(sql, ";")
    .map((statement) => dropLeadingComments(statement).trim())
    .filter((statement) => statement !== "");
}

/** At a separator that stands in no quotes, comment or brackets. */
export function splitOutside(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const skipped = lengthAt(QUOTED, text, at) || lengthAt(COMMENT, text, at);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const character = text[at];
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    at += 1;
  }
  return [...parts, text.slice(start)];
}

/** Without comments, and with one space where there was any white space; quoted text stays as it is. */
export function withoutComments(sql: string): string {
  let text = "";
  for (let at = 0; at < sql.length; ) {
    const quoted = lengthAt(QUOTED, sql, at);
    const comment = lengthAt(COMMENT, sql, at);
    text += quoted > 0 ? sql.slice(at, at + quoted) : comment > 0 ? " " : sql[at];
    at += quoted || comment || 1;
  }
  return text;
}

function dropLeadingComments(statement: string): string {
  let text = statement.trimStart();
  for (;;) {
    const comment = lengthAt(COMMENT, text, 0);
    if (comment === 0) return text;
    text = text.slice(comment).trimStart();
  }
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
