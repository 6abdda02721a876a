/** The places in an answer that may contain a JSON object, found in one pass over the text. */

/** A text with more objects is a text about objects, not an answer. */
const OBJECTS_MAX = 8;
const FENCED = /```[^\n`]*\n([\s\S]*?)(?:\n[ \t]*```|$)/g;

/** The likeliest first: fenced blocks, then the outermost braces, then each object by itself. */
export function objectsInText(text: string): readonly string[] {
  const first = text.indexOf("{");
  if (first < 0) return [];
  const fenced = [...text.matchAll(FENCED)]
    .map((match) => match[1]?.trim() ?? "")
    .filter((body) => body.startsWith("{"))
    .slice(0, OBJECTS_MAX);
  const last = text.lastIndexOf("}");
  const outermost = text.slice(first, last > first ? last + 1 : undefined);
  return [...new Set([...fenced, outermost, ...balancedObjects(text)])];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Each object by itself. */
export function balancedObjects(text: string): readonly string[] {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length && objects.length < OBJECTS_MAX; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) inString = depth > 0 && !inString;
    else if (code === OPEN_BRACE && !inString) {
      if (depth === 0) start = at;
      depth += 1;
    } else if (code === CLOSE_BRACE && !inString && depth > 0) {
      depth -= 1;
      if (depth === 0) objects.push(text.slice(start, at + 1));
    }
  }
  return objects;
}
