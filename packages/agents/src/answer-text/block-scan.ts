/**
 * Searches for the end of a block, piece by piece: the index after it in the piece, or null if the
 * block continues.
 */
export type BlockScan = (piece: string) => number | null;

export const FENCE = "```";

/**
 * The end of a fenced block is a fence that begins a line or is outside of a string: backticks in a
 * string do not end the block. A fence at the beginning of a line always does, because a JSON string
 * contains no line break, and a stray quote must not extend the block to the rest of the answer.
 */
export function newFenceScan(): BlockScan {
  let ticks = 0;
  let lineIsBlank = false;
  const isInString = newStringWatch();

  const isFence = (char: string): boolean => {
    ticks = char === "`" ? ticks + 1 : 0;
    const inString = isInString(char);
    if (ticks === FENCE.length && (lineIsBlank || !inString)) return true;
    if (char === "\n") lineIsBlank = true;
    else if (char !== "`" && char.trim() !== "") lineIsBlank = false;
    return false;
  };
  return scanWith(isFence);
}

/** The end of an object without a fence is the brace or the bracket that closes what it opened. */
export function newObjectScan(): BlockScan {
  let depth = 0;
  const isInString = newStringWatch();

  return scanWith((char) => {
    // A string has no line break: a stray quote must not hide the end of the object.
    if (isInString(char)) return false;
    if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    return depth <= 0;
  });
}

function scanWith(isEnd: (char: string) => boolean): BlockScan {
  return (piece) => {
    for (let at = 0; at < piece.length; at += 1) {
      if (isEnd(piece.charAt(at))) return at + 1;
    }
    return null;
  };
}

/** Whether the text is within a string after this character. */
function newStringWatch(): (char: string) => boolean {
  let inString = false;
  let escaped = false;
  return (char) => {
    if (char === '"' && !escaped) inString = !inString;
    if (char === "\n") inString = false;
    escaped = inString && char === "\\" && !escaped;
    return inString;
  };
}
