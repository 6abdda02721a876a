/** Numbers in words, in the supported languages: owners say “zwanzig Euro” and “about fifty”. */

const ONES: Readonly<Record<string, number>> = {
  ...listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    0,
  ),
  ...listed(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    0,
  ),
  ...listed(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    0,
  ),
  ...listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    0,
  ),
  ein: 1,
  eine: 1,
  une: 1,
  una: 1,
};
const TENS: Readonly<Record<string, number>> = {
  ...listed("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
  ...listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10),
  ...listed("vingt trente quarante cinquante soixante", 20, 10),
  quatrevingt: 80,
  quatrevingts: 80,
  ...listed("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", 20, 10),
};
const HUNDRED = /^(?:hundreds?|hundert|cents?|cien|cientos?)$/;
const THOUSAND = /^(?:thousands?|tausend|tsd|mille|mil|k|grand)$/;
/** Joins parts of one number, as in “treinta y cinco”. */
const AND = /^(?:and|und|et|y)$/;
/** “fünfundzwanzig” is 5 and 20, “veinticinco” 20 and 5. */
const GERMAN = /^(\p{L}+?)und(\p{L}+)$/u;
const SPANISH = /^veinti(\p{L}+)$/u;
/** “zweihundert” and “fünftausend”. */
const MULTIPLE = /^(\p{L}*?)(hundert|tausend)$/u;

/** The values of the numbers in words, and of digits before a word such as “thousand”. */
export function numbersInWords(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  let sum: number | null = null;
  const keep = () => {
    if (sum !== null) found.add(sum);
    sum = null;
  };
  const words = text.toLowerCase().replace(/quatre-vingt/g, "quatrevingt");
  for (const word of words.split(/[^\p{L}\p{N}]+/u)) {
    const value = simpleValue(word);
    if (value !== null) {
      if (sum !== null && !goesOn(sum, value)) keep();
      sum = (sum ?? 0) + value;
    } else if (HUNDRED.test(word) || THOUSAND.test(word)) {
      sum = (sum ?? 1) * (HUNDRED.test(word) ? 100 : 1_000);
    } else if (!AND.test(word)) keep();
  }
  keep();
  return found;
}

/** Whether the text counts in thousands, so that “15 to 30 thousand” are 15,000 and 30,000. */
export function countsInThousands(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => THOUSAND.test(word));
}

/** “fifty six” is one number and “fifty sixty” are two; in French, 70 is “soixante-dix”. */
function goesOn(sum: number, value: number): boolean {
  const rest = sum % 100;
  return rest === 0 || (rest >= 20 && value < 10) || ((rest === 60 || rest === 80) && value < 20);
}

function simpleValue(word: string): number | null {
  const simple = ONES[word] ?? TENS[word];
  if (simple !== undefined) return simple;
  const [, ones = "", tens = ""] = GERMAN.exec(word) ?? [];
  const [one, ten] = [ONES[ones], TENS[tens]];
  if (one !== undefined && ten !== undefined) return one + ten;
  const twenty = ONES[SPANISH.exec(word)?.[1] ?? ""];
  if (twenty !== undefined) return 20 + twenty;
  const [, times = "", unit = ""] = MULTIPLE.exec(word) ?? [];
  const factor = valueOfFactor(times);
  return unit === "" || factor === null ? null : factor * (unit === "hundert" ? 100 : 1_000);
}

function valueOfFactor(word: string): number | null {
  return ONES[word] ?? TENS[word] ?? null;
}

function listed(words: string, from: number, step = 1): Record<string, number> {
  return Object.fromEntries(words.split(" ").map((word, i) => [word, from + i * step]));
}
