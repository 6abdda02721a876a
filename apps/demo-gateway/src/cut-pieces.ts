/** Cuts a text into small pieces of uneven size, as models send it. */

/** Multiples of the usual size, so that no client can depend on one size. */
const RHYTHM = [1, 0.6, 1.4, 0.8, 1.2] as const;

/** The pieces join to the text. None ends inside a surrogate pair. */
export function cutPieces(text: string, pieceChars: number): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const share = RHYTHM[pieces.length % RHYTHM.length] ?? 1;
    const to = from + Math.max(1, Math.round(pieceChars * share));
    const end = isInsideCharacter(text, to) ? to + 1 : to;
    pieces.push(text.slice(from, end));
    from = end;
  }
  return pieces;
}

function isInsideCharacter(text: string, at: number): boolean {
  // `codePointAt` reads the whole pair at its first half, and only the half at its second.
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
