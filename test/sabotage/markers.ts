/**
 * Marker comments: a line of the sources such as `// guards G5: append`, or `-- guards G5: append`
 * in SQL and Lua, says which guarantee the code below it protects.
 */
import { type GuaranteeId, isGuaranteeId } from "../guarantees.ts";

export interface Marker {
  /** What follows `guards`, such as `G5: append`. */
  readonly name: string;
  /** The index of the comment's line. */
  readonly line: number;
}

const COMMENT = /^\s*(?:\/\/|--) guards (G\d+.*)$/;
const NAME = /^(G\d+(?:, G\d+)*)(?:: [a-z][\w' -]*)?$/;

export function findMarkers(text: string): Marker[] {
  return text.split("\n").flatMap((comment, line) => {
    const name = COMMENT.exec(comment)?.[1];
    return name === undefined ? [] : [{ name, line }];
  });
}

/** The guarantees that a marker names. Throws when it is misspelt or names another one. */
export function guaranteesOf(name: string): GuaranteeId[] {
  const ids = NAME.exec(name)?.[1]?.split(", ") ?? [];
  const known = ids.filter(isGuaranteeId);
  if (known.length === 0 || known.length < ids.length) {
    throw new Error(
      `"guards ${name}" must name guarantees of test/guarantees.ts, as in "G5: log".`,
    );
  }
  return known;
}

/** The text with the lines below a marker changed. Throws when the marker is not there once. */
export function changeBelow(
  text: string,
  { name, lines }: { readonly name: string; readonly lines: number },
  change: (code: string) => string,
): string {
  const found = findMarkers(text).filter((marker) => marker.name === name);
  const [marker] = found;
  if (marker === undefined || found.length > 1) {
    throw new Error(`The marker "guards ${name}" is there ${found.length} times instead of once.`);
  }
  const all = text.split("\n");
  const first = marker.line + 1;
  const code = all.slice(first, first + lines).join("\n");
  return [...all.slice(0, first), change(code), ...all.slice(first + lines)].join("\n");
}
