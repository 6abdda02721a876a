/** The languages that answers are read in. An answer may mix them, whatever its workspace's is. */
import { GERMAN } from "./de.ts";
import { ENGLISH } from "./en.ts";
import { SPANISH } from "./es.ts";
import { FRENCH } from "./fr.ts";
import type { Language } from "./language.ts";

export const LANGUAGES: readonly Language[] = [ENGLISH, GERMAN, FRENCH, SPANISH];

/** The language of a tag of BCP 47, such as `de-AT`; English if it is not supported. */
export function languageOf(tag: string): Language {
  const code = tag.trim().toLowerCase().split(/[-_]/, 1)[0];
  return LANGUAGES.find((language) => language.code === code) ?? ENGLISH;
}
