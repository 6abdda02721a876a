/**
 * The language of a text, by its most frequent words. A text that has too few of them to tell is of
 * no language: names, prices and lists of keywords are the same in all of them.
 */

/** Words that are frequent in one language and rare or unknown in the others. */
const FREQUENT: Readonly<Record<string, readonly string[]>> = {
  en: words(
    "the and of to is are was with for you your we our it this that they their not from have has at by be or as who what when can will how more about before without every them than into only just over",
  ),
  de: words(
    "der die das und ist sind war mit für sie ihr ihre wir unser es dieser dass nicht von haben hat bei oder als wer wann kann wird wie mehr über vor ohne jede den dem ein eine einen auf auch nur aus zu im am zum zur noch nach so sich ich du dein sein werden um",
  ),
  fr: words(
    "le la les et est sont avec pour vous votre vos nous notre nos ce cette que ne pas plus de des du un une dans sur au aux par ou qui quand peut sans chaque il elle ils leur leurs être avoir en mais comme tout se son sa ses je tu ton",
  ),
  es: words(
    "el la los las es son con para usted su sus nosotros nuestro nuestra este esta que no más de del un una en sobre al por quien cuando puede sin cada pero como todo se lo le les tu te muy ya también hay",
  ),
  it: words(
    "il lo gli è sono con per voi vostro noi nostro questo questa che non più di del della un una nel sulla al da chi quando può senza ogni ma come tutto si suo anche",
  ),
  pt: words(
    "os as é são com para você seu sua nós nosso este esta que não mais de do da um uma em no na sobre ao por ou quem quando pode sem cada mas como tudo se também muito",
  ),
  nl: words(
    "de het en is zijn was met voor u uw je jouw wij ons onze dit dat niet van hebben heeft bij of als wie wanneer kan wordt hoe meer over zonder elke een op ook maar uit te nog naar zich ik",
  ),
};

const WORD = /\p{L}+/gu;
/** A shorter text is excused. */
const WORDS_MIN = 12;
/** Words of a text that are looked at. */
const WORDS_MAX = 2_000;
/** The share of the frequent words in a text that has sentences. */
const SHARE_MIN = 0.18;
/** Different words of them: one word again and again is no sentence. */
const DIFFERENT_MIN = 4;
/** How much more than the next language's words they must be. */
const LEAD = 1.4;

/** The code of the language; null if the text is too short or could be of several. */
export function detectLanguage(text: string): string | null {
  const found = new Map<string, string[]>();
  let count = 0;
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    count += 1;
    if (count > WORDS_MAX) break;
    for (const language of LANGUAGES_OF.get(word) ?? []) {
      const words = found.get(language);
      if (words) words.push(word);
      else found.set(language, [word]);
    }
  }
  const [best, next] = [...found].toSorted((a, b) => b[1].length - a[1].length);
  if (!best || count < WORDS_MIN || best[1].length < SHARE_MIN * count) return null;
  const isAhead = best[1].length >= LEAD * (next?.[1].length ?? 0);
  return isAhead && new Set(best[1]).size >= DIFFERENT_MIN ? best[0] : null;
}

/** “Not” and “Kein” begin a sentence, and no name. */
export function isFrequentWord(word: string): boolean {
  return LANGUAGES_OF.has(word.toLowerCase()) || OPENERS.has(word.toLowerCase());
}

/** Words that begin an answer to a quotation. */
const OPENERS = new Set(
  words(
    "yes no true right exactly then now here but so because kein keine keinen muss kann ja nein doch genau stimmt jetzt hier damit mit dann deshalb darum antwort oui non alors voici parce avec vrai sí entonces ahora aquí porque así verdad",
  ),
);

/** The languages that each frequent word belongs to. */
const LANGUAGES_OF: ReadonlyMap<string, readonly string[]> = invert();

function invert(): ReadonlyMap<string, readonly string[]> {
  const languages = new Map<string, string[]>();
  for (const [language, frequent] of Object.entries(FREQUENT)) {
    for (const word of frequent) languages.set(word, [...(languages.get(word) ?? []), language]);
  }
  return languages;
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
