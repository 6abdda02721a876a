/**
 * Finds texts in another language than the workspace's, and texts that address their reader in
 * another form than the brand does. Both are doubts: a heuristic has read them.
 */
import { doubt, type Finding } from "../agent/finding.ts";
import { detectLanguage } from "./detect-language.ts";
import type { LocatedText } from "./unproven-claims.ts";

export interface LanguageRules {
  /** BCP 47, of the workspace. */
  readonly language: string;
  /** The user's own words: a request in another language, or for one, allows it. */
  readonly words: string;
}

/** An answer in the wrong language is wrong after the first texts. */
const FINDINGS_MAX = 5;
/** Placeholders, addresses, ids and numbers have no language. */
const NO_WORDS = /\{\{[^{}]*\}\}|https?:\/\/\S+|\S*\d\S*/g;
/** How the languages are called in the languages themselves and in English. */
const NAMES: Readonly<Record<string, RegExp>> = {
  en: /\b(?:english|englisch\w*|anglais\w*|inglés\w*)/i,
  de: /\b(?:german|deutsch\w*|allemand\w*|alemán\w*)/i,
  fr: /\b(?:french|französisch\w*|français\w*|francés\w*)/i,
  es: /\b(?:spanish|spanisch\w*|espagnol\w*|español\w*)/i,
  it: /\b(?:italian\w*|italienisch\w*|italien\w*)/i,
  pt: /\b(?:portuguese|portugiesisch\w*|portugais\w*|portugu[eé]s\w*)/i,
  nl: /\b(?:dutch|niederländisch\w*|néerlandais\w*|neerlandés\w*)/i,
};

/** A long text is judged by itself, short ones of the same part of the answer together. */
export function foreignTexts(texts: readonly LocatedText[], rules: LanguageRules): Finding[] {
  const own = rules.language.slice(0, 2).toLowerCase();
  const allowed = new Set([own, detectLanguage(rules.words), ...namedIn(rules.words)]);
  if (!(own in NAMES)) return [];
  const findings: Finding[] = [];
  const worded = texts.map(({ path, text }) => ({ path, text: text.replace(NO_WORDS, " ") }));
  for (const { path, text } of [...worded, ...joinedByPart(worded)]) {
    const language = detectLanguage(text);
    if (language === null || allowed.has(language)) continue;
    if (findings.some((one) => one.path.startsWith(path))) continue;
    const message = `This seems to be written in ${nameOf(language)}; the workspace's language is ${nameOf(own)}.`;
    findings.push(doubt("asked", path, message));
    if (findings.length === FINDINGS_MAX) break;
  }
  return findings;
}

function namedIn(words: string): readonly string[] {
  return Object.keys(NAMES).filter((language) => NAMES[language]?.test(words));
}

function joinedByPart(texts: readonly LocatedText[]): readonly LocatedText[] {
  const parts = new Map<string, string[]>();
  for (const { path, text } of texts) {
    if (detectLanguage(text) !== null) continue;
    const part = /^[^.[]*/.exec(path)?.[0] ?? "";
    parts.set(part, [...(parts.get(part) ?? []), text]);
  }
  return [...parts].map(([path, all]) => ({ path, text: all.join("\n") }));
}

function nameOf(language: string): string {
  return new Intl.DisplayNames("en", { type: "language" }).of(language) ?? language;
}

type Form = "formal" | "informal";

/** What a brand says about its own form of address. */
const STATED: Readonly<Record<Form, RegExp>> = {
  formal:
    /\bsiez(?:en|t)\b|\b(?:per|mit|form:?|sagen) ["„“]?Sie\b|\bSie-Form|vouvo[iy]\w*|\busted(?:es)?\b/gi,
  informal:
    /\bduz(?:en|t)\b|\b(?:per|mit|form:?|sagen) ["„“]?du\b|\bdu-form|tuto[iy]\w*|\btute(?:ar|amos|o)\b/gi,
};
const DENIED = /(?:nicht|kein\w*|never|not|no|pas|ne|nie|sin|jamais)\s+(?:\p{L}+\s+)?$/iu;
const DENIED_AFTER = /^\s+(?:nicht|niemals|nie|pas|jamais)(?!\p{L})/iu;

/** How texts address their reader, by language. A quotation speaks for somebody else. */
const ADDRESSES: Readonly<Record<string, Readonly<Record<Form, RegExp>>>> = {
  de: {
    formal: /(?<=[\p{Ll},;:–]\s)(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)(?!\p{L})/gu,
    informal: /(?<!\p{L})(?:du|dich|dir|dein(?:e[mnrs]?)?|euch|eue?r(?:e[mnrs]?)?)(?!\p{L})/giu,
  },
  fr: {
    formal: /(?<!\p{L})(?:vous|votre|vos)(?!\p{L})/giu,
    informal: /(?<!\p{L})(?:tu|toi|te|tes|ta)(?![\p{L}'’])/giu,
  },
  es: {
    formal: /(?<!\p{L})(?:usted|ustedes)(?!\p{L})/giu,
    informal: /(?<!\p{L})(?:tú|tu|tus|te|ti|contigo)(?!\p{L})/giu,
  },
};
const DECISIVE = /^(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?|ustedes|usted|Usted)$/;
const QUOTED = /[„“"«»][^„“”"«»]{1,300}[“”"»«]/gu;
const OTHER: Readonly<Record<Form, Form>> = { formal: "informal", informal: "formal" };

/** Texts that address their reader in the form that the brand does not use. */
export function wrongAddress(
  texts: readonly LocatedText[],
  brand: readonly (string | null)[],
  language: string,
): Finding[] {
  const patterns = ADDRESSES[language.slice(0, 2).toLowerCase()];
  const form = statedForm(brand.join("\n"));
  if (!patterns || form === null) return [];
  return texts
    .flatMap(({ path, text }) => {
      const own = text.replace(QUOTED, " ");
      const wrong = own.match(patterns[OTHER[form]]) ?? [];
      const right = own.match(patterns[form])?.length ?? 0;
      // One word may be a figure of speech where the rest of the text is right; “usted” is none.
      const isFigure = wrong.length === 1 && right > 0 && !DECISIVE.test(wrong[0]);
      if (!wrong[0] || isFigure) return [];
      const message = `“${wrong[0]}” addresses the reader in the ${OTHER[form]} form; the brand uses the ${form} one.`;
      return [doubt("asked", path, message)];
    })
    .slice(0, FINDINGS_MAX);
}

/** Null for a brand that states no form, or both. */
function statedForm(voice: string): Form | null {
  const stated = new Set<Form>();
  for (const form of ["formal", "informal"] as const) {
    for (const { 0: words, index } of voice.matchAll(STATED[form])) {
      const isDenied =
        DENIED.test(voice.slice(Math.max(0, index - 20), index)) ||
        DENIED_AFTER.test(voice.slice(index + words.length));
      stated.add(isDenied ? OTHER[form] : form);
    }
  }
  const [form = null, other] = stated;
  return other === undefined ? form : null;
}
