/** A quick guess at the tokens of a text, for figures that are corrected later. */

/** Prose has 4 bytes a token, compact JSON 3, Chinese 4. */
const BYTES_PER_TOKEN = 4;

export function roughTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}
