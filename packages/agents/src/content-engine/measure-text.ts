/** Measures a text as its channel counts. */
import type { Limit } from "./channel-limits.ts";

/** X counts every link as this many characters. */
const LINK_LENGTH = 23;
const LINK = /https?:\/\/\S+/g;
/** Code points that X counts once; all others count twice. Each pair is a range, both included. */
const SINGLE_WEIGHT = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
] as const;

const EMOJI = /\p{Extended_Pictographic}/u;
/** Characters of double width: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6\p{Extended_Pictographic}]/u;

export function measureText(text: string, unit: Limit["unit"], segmenter: Intl.Segmenter): number {
  if (unit === "weighted") return weightOf(text);
  if (unit === "words") return countWords(segmenter, text);
  const characters = graphemesOf(text);
  if (unit !== "wide") return characters.length;
  return characters.reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** Uses the rules of the language: not every language separates words by spaces. */
export function countWords(segmenter: Intl.Segmenter, text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1;
  return count;
}

function weightOf(text: string): number {
  const links = text.match(LINK)?.length ?? 0;
  const rest = graphemesOf(text.normalize("NFC").replace(LINK, ""));
  return rest.reduce((sum, character) => sum + graphemeWeight(character), links * LINK_LENGTH);
}

/** An emoji counts twice, regardless of its number of code points. */
function graphemeWeight(character: string): number {
  if (EMOJI.test(character) && (character.codePointAt(0) ?? 0) > 255) return 2;
  return Array.from(character).reduce((sum, one) => sum + weightOfPoint(one), 0);
}

function weightOfPoint(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return SINGLE_WEIGHT.some(([first, last]) => point >= first && point <= last) ? 1 : 2;
}

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

function graphemesOf(text: string): readonly string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}
