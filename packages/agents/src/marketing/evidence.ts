/** What a claim is compared with: the content of the prompt, which the model may repeat. */
export interface Evidence {
  readonly text: string;
  readonly numbers: ReadonlySet<number>;
  /** Shares, which a number of people does not prove: percentages of texts, and all other numbers. */
  readonly shares: ReadonlySet<number>;
}

/** The letters and digits of a text, in lower case: spelling and punctuation prove nothing. */
export function toPlain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}★]+/gu, " ")
    .trim();
}

export function toRounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
