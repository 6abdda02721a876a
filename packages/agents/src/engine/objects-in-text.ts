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

function balancedObjects(text: string): readonly string[] {
  const objects: string[] = [];
  const inside = /["{}]|\\./gs;
  let depth = 0;
  let start = 0;
  let inString = false;
  for (const { 0: mark, index } of text.matchAll(inside)) {
    if (mark === '"') inString = depth > 0 && !inString;
    else if (mark === "{" && !inString) {
      if (depth === 0) start = index;
      depth += 1;
    } else if (mark === "}" && !inString && depth > 0) {
      depth -= 1;
      if (depth === 0) objects.push(text.slice(start, index + 1));
    }
    if (objects.length === OBJECTS_MAX) break;
  }
  return objects;
}
