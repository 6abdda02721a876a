/** A text as a part of an address: “Die Jänner-Aktion” is `die-janner-aktion`. */

/** Longer addresses are cut off where they are shown. */
const SLUG_MAX = 80;

/** Empty for a text without letters and digits. */
export function toSlug(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).reduce((slug, word) => {
    const longer = slug === "" ? word.slice(0, SLUG_MAX) : `${slug}-${word}`;
    return longer.length > SLUG_MAX ? slug : longer;
  }, "");
}
