/**
 * Finds proof in an answer that the data does not contain: testimonials, awards, ratings, numbers
 * of customers, and, in published text, percentages and amounts of money.
 *
 * It misses a claim rather than doubting an honest sentence. The targets of a plan and “e-mail #1”
 * in a list are no claims, and neither is anything that the prompt contains.
 */

import { doubt, type Finding } from "../agent/finding.ts";
import { toPath } from "../agent/to-path.ts";
import { PROOF, TESTIMONIAL } from "./proof-patterns.ts";
import { numbersIn, valuesIn } from "./read-number.ts";

/** The content of the prompt, which the model may repeat. */
export interface Evidence {
  readonly text: string;
  readonly numbers: ReadonlySet<number>;
}

/** As much as a prompt can hold. Rows may be larger than what the model was shown of them. */
const TEXT_MAX = 128 * 1024;
/** Ten times the numbers of a workspace with 25 measured campaigns. */
const NUMBERS_MAX = 10_000;

export function newEvidence(...given: readonly unknown[]): Evidence {
  const texts = [...textsWithin(given, TEXT_MAX)];
  const text = toPlain(texts.join("\n"));
  const numbers = new Set<number>();
  for (const value of valuesIn(texts.join("\n")).take(NUMBERS_MAX)) {
    numbers.add(value);
    // A rate of 0.04 may be written as 4 %.
    if (value < 1) numbers.add(toRounded(value * 100));
  }
  return { text, numbers };
}

/** The texts and numbers within a value, until they have so many characters. */
function* textsWithin(given: unknown, maxCharacters: number): Generator<string> {
  const rest: unknown[] = [given];
  for (let left = maxCharacters; left > 0 && rest.length > 0; ) {
    const value = rest.pop();
    if (typeof value === "object" && value !== null) {
      for (const member of Object.values(value).toReversed()) rest.push(member);
    } else if (typeof value === "string" || typeof value === "number") {
      const text = String(value).slice(0, left);
      left -= text.length + 1;
      yield text;
    }
  }
}

export interface LocatedText {
  readonly path: string;
  readonly text: string;
}

/** All texts and numbers within a value, with their paths. */
export function textsOf(value: unknown, path: readonly PropertyKey[] = []): readonly LocatedText[] {
  if (typeof value === "string") return [{ path: toPath(path), text: value }];
  if (typeof value === "number") return [{ path: toPath(path), text: String(value) }];
  if (typeof value !== "object" || value === null) return [];
  const members: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return members.flatMap(([key, member]) => textsOf(member, [...path, key]));
}

/** An answer that is full of claims is wrong after the first ones; the model is shown 30. */
const FINDINGS_MAX = 50;
/** Each compares a claim with all the data. Later claims of an answer count as proven. */
const COMPARISONS_MAX = 200;
/** As many as an answer usually has parts at most. Later numbers of an answer are not checked. */
const NUMBERS_CHECKED_MAX = 5_000;
/** Characters of an answer: eight times the longest recorded one. Later texts are not checked. */
const CHECKED_MAX = 128 * 1024;

/** Testimonials, awards, ratings and numbers of customers, in any text. One finding per text. */
export function unprovenProof(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  const left = { comparisons: COMPARISONS_MAX };
  for (const { path, text } of withinChecked(texts)) {
    const claim = proofIn(text, evidence, left);
    if (claim === null) continue;
    const message = `“${claim}” is a claim that the data does not support. Leave it out, or say only what the brand, its offers or the request say.`;
    findings.push(doubt("claim", path, message));
    if (findings.length === FINDINGS_MAX) break;
  }
  return findings;
}

/** Percentages, amounts of money and multiples, in published text. One finding per text. */
export function unprovenNumbers(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  let left = NUMBERS_CHECKED_MAX;
  for (const { path, text } of withinChecked(texts)) {
    const claim = numbersIn(text).find(({ unit, values }) => {
      left -= 1;
      const isKnown = values.some((value) => isHarmless(value) || evidence.numbers.has(value));
      return left < 0 || (unit !== null && !isKnown);
    });
    if (left < 0 || findings.length === FINDINGS_MAX) break;
    if (claim === undefined) continue;
    const message = `“${claim.written}” is not in the data. Leave the number out, or use one of the data.`;
    findings.push(doubt("claim", path, message));
  }
  return findings;
}

function* withinChecked(texts: readonly LocatedText[]): Generator<LocatedText> {
  let left = CHECKED_MAX;
  for (const one of texts) {
    left -= one.text.length;
    // guards G1: checked text
    if (left < 0) return;
    yield one;
  }
}

function proofIn(text: string, evidence: Evidence, left: { comparisons: number }): string | null {
  const isProven = (claim: string) => {
    left.comparisons -= 1;
    return left.comparisons < 0 || evidence.text.includes(toPlain(claim));
  };
  for (const [claim] of text.matchAll(PROOF)) {
    if (!isProven(claim)) return claim;
    if (left.comparisons < 0) return null;
  }
  for (const { groups } of text.matchAll(TESTIMONIAL)) {
    const { quote = "", name = "" } = groups ?? {};
    // A quotation of the brand itself is a headline.
    const isShort = quote.trim().split(/\s+/, QUOTED_WORDS_MIN).length < QUOTED_WORDS_MIN;
    if (isShort || isProven(quote) || isProven(name)) continue;
    return `${clip(quote)} — ${name}`;
  }
  return null;
}

/** 0 % and 100 % are figures of speech. */
function isHarmless(value: number): boolean {
  return value === 0 || value === 100;
}

function toPlain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}★]+/gu, " ")
    .trim();
}

function toRounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A shorter quotation is a slogan. */
const QUOTED_WORDS_MIN = 5;
/** Characters that a finding quotes of a claim. */
const QUOTED_MAX = 60;

function clip(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX).trimEnd()}…` : text;
}
