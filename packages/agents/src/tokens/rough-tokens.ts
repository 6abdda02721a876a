/** A quick guess at the tokens of a text, for figures that are corrected later. */

/** Prose has 4 bytes a token, compact JSON 3, Chinese 4. */
export const BYTES_PER_TOKEN = 4;
/** For a guess that is rather too high. */
export const FEWEST_BYTES_PER_TOKEN = 3;

export function roughTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
