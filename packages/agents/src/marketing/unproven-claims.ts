/**
 * Finds proof in an answer that the data does not contain: testimonials, awards, studies, ratings,
 * numbers of customers, and, in published text, percentages, amounts of money, discounts and
 * guarantees.
 *
 * It misses a claim rather than doubting an honest sentence. The targets of a plan and “e-mail #1”
 * in a list are no claims, and neither is anything that the prompt contains. All findings are doubts.
 */

import { doubt, type Finding } from "../agent/finding.ts";
import { toPath } from "../agent/to-path.ts";
import { numberClaims, promisesIn, proofIn } from "./claims-in.ts";
import { type Evidence, toPlain, toRounded } from "./evidence.ts";
import { numbersIn, valuesIn } from "./read-number.ts";

/** As much as a prompt can hold. Rows may be larger than what the model was shown of them. */
const TEXT_MAX = 128 * 1024;
/** Ten times the numbers of a workspace with 25 measured campaigns. */
const NUMBERS_MAX = 10_000;

export function newEvidence(...given: readonly unknown[]): Evidence {
  const values = [...valuesWithin(given, TEXT_MAX)];
  const written = values.map(({ value }) => value).join("\n");
  const numbers = new Set<number>();
  for (const value of valuesIn(written).take(NUMBERS_MAX)) addRate(numbers, value);
  const shares = new Set<number>();
  for (const { key, value } of values) {
    if (typeof value === "number" && (value < 1 || SHARE.test(key))) addRate(shares, value);
  }
  for (const { unit, value } of numbersIn(written).take(NUMBERS_MAX)) {
    if (unit === "percent") shares.add(value);
  }
  return { text: toPlain(written), numbers, shares };
}

/** Members whose numbers are shares of a whole. */
const SHARE = /percent|rate|share|ctr|change/i;

/** A rate of 0.04 may be written as 4 %. */
function addRate(numbers: Set<number>, value: number): void {
  numbers.add(value);
  if (value < 1) numbers.add(toRounded(value * 100));
}

interface KeyedValue {
  readonly key: string;
  readonly value: string | number;
}

/** The texts and numbers within a value, until they have so many characters. */
function* valuesWithin(given: unknown, maxCharacters: number): Generator<KeyedValue> {
  const rest: (readonly [key: string, value: unknown])[] = [["", given]];
  for (let left = maxCharacters; left > 0; ) {
    const [key, value] = rest.pop() ?? ["", undefined];
    if (value === undefined && rest.length === 0) return;
    if (typeof value === "object" && value !== null) {
      for (const member of Object.entries(value).toReversed()) rest.push(member);
    } else if (typeof value === "string" || typeof value === "number") {
      const text = String(value).slice(0, left);
      left -= text.length + 1;
      yield { key, value: typeof value === "number" ? value : text };
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

/** Testimonials, awards, studies, ratings and numbers of customers, in any text. */
export function unprovenProof(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  const left = { comparisons: COMPARISONS_MAX };
  return doubtsAbout(texts, (text) => {
    const claims = [...proofIn(text, evidence, left)];
    return claims.length === 0
      ? null
      : `${listed(claims)} is a claim that the data does not support. Leave it out, or say only what the brand, its offers or the request say.`;
  });
}

/** Percentages, amounts of money and multiples, discounts and guarantees, in published text. */
export function unprovenNumbers(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  const left = { numbers: NUMBERS_CHECKED_MAX };
  const numbers = doubtsAbout(texts, (text) => {
    const claims = numberClaims(text, evidence, left);
    return claims.length === 0
      ? null
      : `${listed(claims)} is not in the data. Leave the number out, or use one of the data.`;
  });
  const promises = doubtsAbout(texts, (text) => {
    const claims = [...promisesIn(text, evidence)];
    return claims.length === 0
      ? null
      : `${listed(claims)}: the data knows of no such discount or guarantee.`;
  });
  return [...numbers, ...promises];
}

/** One doubt for each text with claims. */
function doubtsAbout(
  texts: readonly LocatedText[],
  messageOf: (text: string) => string | null,
): Finding[] {
  const findings: Finding[] = [];
  for (const { path, text } of withinChecked(texts)) {
    const message = messageOf(text.replace(TO_INSERT, " "));
    if (message !== null) findings.push(doubt("claim", path, message));
    if (findings.length === FINDINGS_MAX) break;
  }
  return findings;
}

function listed(claims: readonly string[]): string {
  const different = [...new Set(claims)];
  const shown = different.slice(0, LISTED_MAX).map((claim) => `“${clip(claim)}”`);
  const count = different.length - shown.length;
  return shown.join(", ") + (count > 0 ? ` and ${count} more` : "");
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

/** Placeholders, and what the author is asked to insert, in square brackets that are no link. */
const TO_INSERT = /\{\{[^{}]{0,60}\}\}|\[[^[\]]{1,400}\](?!\()/g;
/** Claims of one text that a finding quotes. */
const LISTED_MAX = 4;
/** Characters that a finding quotes of a claim. */
const QUOTED_MAX = 60;

function clip(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX).trimEnd()}…` : text;
}
