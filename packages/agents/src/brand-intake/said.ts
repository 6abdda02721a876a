/**
 * What the owner and the workspace have said: the evidence for everything in a block that must not
 * be invented. The model's own messages count unless the owner refuses them.
 */
import { isFrequentWord } from "../marketing/detect-language.ts";
import type { Evidence } from "../marketing/evidence.ts";
import { toKey } from "../marketing/fit-names.ts";
import { valuesIn } from "../marketing/read-number.ts";
import { newEvidence } from "../marketing/unproven-claims.ts";
import { countsInThousands, numbersInWords } from "./number-words.ts";
import type { BrandIntakeInput } from "./schema.ts";

export interface Said {
  readonly evidence: Evidence;
  /** The owner's own words, the newest first. */
  readonly words: string;
  has(words: string): boolean;
  hasName(name: string): boolean;
  /** Whether the first word and half of the others were spoken, in any form; numbers are apart. */
  hasSpokenOf(claim: string): boolean;
  hasNumber(value: number): boolean;
}

/** The beginning of a message that refuses what was suggested. */
const REFUSES =
  /^[\s\p{P}]*(?:no|nope|not|nein|nö|nicht|stimmt nicht|falsch|wrong|non|pas|faux|incorrecto|falso)(?!\p{L})/iu;
/** Numbers that are a figure of speech. */
const HARMLESS_MAX = 3;
/** Letters of a word that tells a name from others. */
const TELLING_LENGTH = 3;
/** Letters that “award-winning” and “we won an award” have in common. */
const STEM_LENGTH = 4;
/** What stands between a quotation and its author: such a claim was said word for word, or not. */
const ATTRIBUTED = " — ";
/** Letters that a language may add to a name. */
const ENDING = "[\\p{L}]{0,2}";

export function newSaid(
  { messages, prompt }: Pick<BrandIntakeInput, "messages" | "prompt">,
  ...known: readonly unknown[]
): Said {
  const spoken = messages
    .filter(({ role }, i) => role === "user" || !REFUSES.test(messages[i + 1]?.content ?? ""))
    .map(({ content }) => content)
    .toReversed();
  const texts = prompt === undefined ? spoken : [prompt, ...spoken];
  const own = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const evidence = newEvidence(known, texts);
  const text = ` ${evidence.text} `;
  const numbers = numbersOf(evidence, texts);
  const has = (words: string) => text.includes(` ${toKey(words)} `);
  return {
    evidence,
    words: [prompt ?? "", ...own.toReversed()].join("\n"),
    has,
    hasName: (name) => has(name) || tellingWords(name).some((word) => isIn(word, text)),
    hasSpokenOf: (claim) => {
      const isSpoken = (stem: string) => text.includes(` ${stem}`);
      const [first, ...others] = stemsOf(claim);
      if (claim.includes(ATTRIBUTED) || first === undefined || !isSpoken(first)) return false;
      return 2 * others.filter(isSpoken).length + 1 >= others.length;
    },
    hasNumber: (value) =>
      value === 100 || (Number.isInteger(value) && value <= HARMLESS_MAX) || numbers.has(value),
  };
}

function numbersOf(evidence: Evidence, texts: readonly string[]): ReadonlySet<number> {
  const numbers = new Set(evidence.numbers);
  for (const text of texts) {
    for (const value of numbersInWords(text)) numbers.add(value);
    if (!countsInThousands(text)) continue;
    for (const value of [...valuesIn(text), ...numbersInWords(text)]) numbers.add(value * 1_000);
  }
  return numbers;
}

function stemsOf(claim: string): readonly string[] {
  return toKey(claim)
    .split(" ")
    .filter((word) => word.length >= STEM_LENGTH && !/\d/.test(word) && !isFrequentWord(word))
    .map((word) => word.slice(0, STEM_LENGTH));
}

function tellingWords(name: string): readonly string[] {
  return toKey(name)
    .split(" ")
    .filter((word) => word.length >= TELLING_LENGTH);
}

function isIn(word: string, text: string): boolean {
  return new RegExp(` ${word}${ENDING} `, "u").test(text);
}
