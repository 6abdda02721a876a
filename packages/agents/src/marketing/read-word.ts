/** Reads the words of a closed vocabulary in any spelling, and their synonyms in any language. */
import { LANGUAGES } from "./languages/languages.ts";

/** The word of the vocabulary, or null for a text that is none or may be two. */
export type WordReader<Word extends string> = (text: string) => Word | null;

/** Longer texts are sentences. */
const WORD_MAX = 60;

const PARENTHESES = /\(([^()]*)\)/;
const VERY = LANGUAGES.flatMap(({ very }) => very.map(toPlainWord));
const LABELS = LANGUAGES.flatMap(({ labels }) => labels.map(toPlainWord));

/**
 * Words of another vocabulary may stand for those of this one, as “high” does for “primary”; `alike`
 * says which.
 */
export function newWordReader<Word extends string>(
  words: readonly Word[],
  alike: Readonly<Record<string, Word>> = {},
): WordReader<Word> {
  const own = new Map(words.map((word) => [toPlainWord(word), word]));
  const others = synonymsOf([
    ...words.map((word) => [word, word] as const),
    ...Object.entries(alike),
  ]);
  const find = (plain: string) => own.get(plain) ?? oneOf(others.get(plain));
  const readPlain = (text: string) => {
    const plain = toPlainWord(text);
    return (
      find(plain) ?? find(without(VERY, plain)) ?? find(unlabelled(plain)) ?? find(letterOf(text))
    );
  };
  return (text) => {
    if (text.length > WORD_MAX) return null;
    // “High (8/10)”, and “1 (high)”.
    const [, inside = ""] = PARENTHESES.exec(text) ?? [];
    return readPlain(text.replace(PARENTHESES, " ")) ?? readPlain(inside);
  };
}

function synonymsOf<Word extends string>(
  meanings: readonly (readonly [written: string, word: Word])[],
): ReadonlyMap<string, ReadonlySet<Word>> {
  const found = new Map<string, Set<Word>>();
  for (const [written, word] of meanings) {
    const synonyms = LANGUAGES.flatMap(({ synonyms }) =>
      Object.hasOwn(synonyms, written) ? (synonyms[written] ?? []) : [],
    );
    for (const one of [written, ...synonyms].map(toPlainWord)) {
      found.set(one, (found.get(one) ?? new Set<Word>()).add(word));
    }
  }
  return found;
}

function oneOf<Word>(words: ReadonlySet<Word> | undefined): Word | null {
  const [word = null, other] = words ?? [];
  return other === undefined ? word : null;
}

function without(words: readonly string[], plain: string): string {
  const word = words.find((one) => plain.startsWith(`${one} `));
  return word === undefined ? plain : plain.slice(word.length + 1);
}

/** “Consideration phase” is consideration. */
function unlabelled(plain: string): string {
  const label = LABELS.find((one) => plain.endsWith(` ${one}`));
  return label === undefined ? without(LABELS, plain) : plain.slice(0, -label.length - 1);
}

const LETTER = new RegExp(`^\\s*(?:(?:${LABELS.join("|")})\\s+)?(\\p{L})\\s*(?:$|[:.)(–—-])`, "iu");

/** “Variant A: the short one” is A. */
function letterOf(text: string): string {
  return LETTER.exec(text.normalize("NFKD").replace(/\p{M}/gu, ""))?.[1]?.toLowerCase() ?? "";
}

/** Without case, accents and marks: `Très élevé` and `tres_eleve` are the same. */
export function toPlainWord(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
