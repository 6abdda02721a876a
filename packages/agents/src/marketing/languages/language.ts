/**
 * What a language adds to the reading of an answer: how it writes numbers, dates and units, and its
 * words for the closed vocabularies. Each language is one file. All words are in lower case.
 */
export interface Language {
  /** ISO 639. */
  readonly code: string;
  /** The mark before decimals. The other mark groups thousands. */
  readonly decimalMark: "." | ",";
  /** Whether 1/2/2027 is the first of February. Null if readers differ. */
  readonly dayComesFirst: boolean | null;
  /** From January, each with its short forms, without a dot at the end. */
  readonly months: readonly (readonly string[])[];
  readonly percent: readonly string[];
  /** Words for currencies, with their codes of ISO 4217. */
  readonly currencies: Readonly<Record<string, string>>;
  /** Words after a number that multiply it, without a dot at the end. */
  readonly magnitudes: Readonly<Record<string, number>>;
  /** Words before a number that is not exact, and limits, which a member for one number cannot hold. */
  readonly about: readonly string[];
  /** “Of” in “8 of 10”. */
  readonly outOf: readonly string[];
  /** Words that strengthen another one: “very high” is high. */
  readonly very: readonly string[];
  /** Words beside another one that say what it is: “Variant A” is A, “awareness stage” is awareness. */
  readonly labels: readonly string[];
  /** From zero to twelve, without those that mean something else in another language. */
  readonly numerals: readonly (readonly string[])[];
  /** “Per”, as in a price per user. */
  readonly per: readonly string[];
  /** Spans of time that a price may be for. */
  readonly spans: readonly string[];
  /** What reports call the measured numbers; `*` stands for any word. */
  readonly metrics: Readonly<Record<string, readonly string[]>>;
  /** What reports say of a number that rose or fell. Forms that also stand in plans are left out. */
  readonly rose: readonly string[];
  readonly fell: readonly string[];
  /** Words between two statements. */
  readonly joints: readonly string[];
  /** Other words for those of the vocabularies. */
  readonly synonyms: Readonly<Record<string, readonly string[]>>;
}
