/**
 * Finds proof in an answer that the data does not contain: testimonials, awards, ratings, numbers
 * of customers, and, in published text, percentages and amounts of money.
 *
 * It misses a claim rather than doubting an honest sentence. The targets of a plan and “e-mail #1”
 * in a list are no claims, and neither is anything that the prompt contains.
 */

import { type Finding, open } from "../agent/finding.ts";
import { toPath } from "../agent/to-path.ts";
import { numbersIn } from "./numbers-in.ts";
import { PROOF_PATTERNS, TESTIMONIAL } from "./proof-patterns.ts";

/** The content of the prompt, which the model may repeat. */
export interface Evidence {
  readonly text: string;
  readonly numbers: ReadonlySet<number>;
}

export function newEvidence(...given: readonly unknown[]): Evidence {
  const texts = given.flatMap((value) => textsOf(value)).map(({ text }) => text);
  const text = texts.map(toPlain).join("\n");
  const values = texts.flatMap((one) => numbersIn(one).map(({ value }) => value));
  // A rate of 0.04 may be written as 4 %.
  const percents = values.filter((value) => value < 1).map((value) => toRounded(value * 100));
  return { text, numbers: new Set([...values, ...percents]) };
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

/** Testimonials, awards, ratings and numbers of customers, in any text. One finding per text. */
export function unprovenProof(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  return texts.flatMap(({ path, text }) => {
    const claim = proofIn(text, evidence);
    if (claim === null) return [];
    return [
      open(
        "claim",
        path,
        `“${claim}” is a claim that the data does not support. Leave it out, or say only what the brand, its offers or the request say.`,
      ),
    ];
  });
}

/** Percentages, amounts of money and multiples, in published text. One finding per text. */
export function unprovenNumbers(texts: readonly LocatedText[], evidence: Evidence): Finding[] {
  return texts.flatMap(({ path, text }) => {
    const claim = numbersIn(text).find(
      ({ unit, value }) => unit !== null && !isHarmless(value) && !evidence.numbers.has(value),
    );
    if (claim === undefined) return [];
    return [
      open(
        "claim",
        path,
        `“${claim.written}” is not in the data. Leave the number out, or use one of the data.`,
      ),
    ];
  });
}

function proofIn(text: string, evidence: Evidence): string | null {
  for (const pattern of PROOF_PATTERNS) {
    const claim = pattern.exec(text)?.[0];
    if (claim !== undefined && !evidence.text.includes(toPlain(claim))) return claim;
  }
  const { quote, name } = TESTIMONIAL.exec(text)?.groups ?? {};
  if (quote === undefined || name === undefined) return null;
  // A quotation of the brand itself is a headline, not a testimonial.
  const isGiven = [quote, name].some((part) => evidence.text.includes(toPlain(part)));
  return isGiven ? null : `${clip(quote)} — ${name}`;
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

/** Characters that a finding quotes of a claim. */
const QUOTED_MAX = 60;

function clip(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX).trimEnd()}…` : text;
}
