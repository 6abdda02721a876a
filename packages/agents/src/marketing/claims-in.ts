/** The claims of one text that the evidence does not hold. */
import { isFrequentWord } from "./detect-language.ts";
import { type Evidence, toPlain, toRounded } from "./evidence.ts";
import { CROWD, PROMISE, PROOF, TESTIMONIAL } from "./proof-patterns.ts";
import { numbersIn, type WrittenNumber } from "./read-number.ts";

// Compiling the pattern, for each width of characters, takes a tenth of a second: not in a run.
for (const text of ["a", "„"]) {
  text.matchAll(PROOF).next();
  text.replace(PROOF, "");
}

/** Testimonials, awards, studies, ratings and numbers of customers. */
export function* proofIn(
  text: string,
  evidence: Evidence,
  left: { comparisons: number },
): Generator<string> {
  const isProven = (claim: string) => {
    left.comparisons -= 1;
    return left.comparisons < 0 || evidence.text.includes(toPlain(claim));
  };
  for (const { 0: claim, index } of text.matchAll(PROOF)) {
    if (left.comparisons < 0) return;
    const isGoal = COUNTS.test(claim) && isWanted(text, index);
    if (!isDenied(text, index) && !isGoal && !isProven(claim)) yield claim;
  }
  for (const { groups } of text.matchAll(TESTIMONIAL)) {
    const { quote = "", signed, said, place } = groups ?? {};
    const name = signed ?? said ?? "";
    // A quotation of the brand itself is a headline, and “— Not yet” goes on in plain words.
    const isPerson = /\s/.test(name) || place !== undefined;
    const least = isPerson ? NAMED_WORDS_MIN : QUOTED_WORDS_MIN;
    const isShort = quote.trim().split(/\s+/, least).length < least;
    if (isShort || isFrequentWord(name.split(/\s/)[0] ?? "")) continue;
    if (!isProven(quote) && !isProven(name)) yield `${quote.slice(0, QUOTED_MAX)} — ${name}`;
  }
}

/** Percentages, amounts of money, multiples and crowds. */
export function numberClaims(
  text: string,
  evidence: Evidence,
  left: { numbers: number },
): readonly string[] {
  // The number of a claim of proof is told with it.
  const rest = text.replace(PROOF, " ");
  const all: WrittenNumber[] = [];
  for (const number of numbersIn(rest)) {
    left.numbers -= 1;
    if (left.numbers < 0) break;
    all.push(number);
  }
  const numbers = all
    .filter(({ unit, value, values }) => {
      const known = unit === "percent" ? evidence.shares : evidence.numbers;
      if (values.some((one) => known.has(one))) return false;
      if (unit === null) return isLarge(value);
      if (values.some(isHarmless)) return false;
      return unit !== "money" || !values.some((one) => isProduct(one, all, evidence));
    })
    .map(({ written }) => written);
  return [...numbers, ...crowdsIn(rest, evidence)];
}

function crowdsIn(text: string, evidence: Evidence): readonly string[] {
  return [...text.matchAll(CROWD)]
    .filter(({ index }) => !isWanted(text, index))
    .map(([crowd]) => crowd)
    .filter((crowd) => {
      const [number] = numbersIn(crowd);
      const value = number?.value ?? 0;
      return value >= CROWD_MIN && !evidence.numbers.has(value);
    });
}

/** “30 employees pay from 147 euros”, at 4.90 each: a price of the data times a number of the text. */
function isProduct(value: number, all: readonly WrittenNumber[], { numbers }: Evidence): boolean {
  return all.some(
    ({ value: times, unit }) =>
      unit === null &&
      Number.isInteger(times) &&
      times > 1 &&
      times <= TIMES_MAX &&
      numbers.has(toRounded(value / times)),
  );
}

/** Discounts and guarantees. */
export function* promisesIn(text: string, evidence: Evidence): Generator<string> {
  for (const { 0: promise, index } of text.matchAll(PROMISE)) {
    // “Garantie” proves “garantiert”, and “discounts” a “discount”.
    const stem = toPlain(promise).slice(0, STEM_LENGTH);
    if (!isDenied(text, index) && !isPromised(stem, evidence.text)) yield promise;
  }
}

/** A request that rules discounts out proves none. */
function isPromised(stem: string, text: string): boolean {
  for (let at = text.indexOf(stem); at >= 0; at = text.indexOf(stem, at + 1)) {
    if (!isDenied(text, at)) return true;
  }
  return false;
}

function isWanted(text: string, at: number): boolean {
  return WANTED.test(text.slice(Math.max(0, at - WANTED_BEFORE), at));
}

function isDenied(text: string, at: number): boolean {
  return DENIED.test(text.slice(Math.max(0, at - BEFORE), at));
}

/** Copy has no use for a large number but to impress. Years are none. */
function isLarge(value: number): boolean {
  return value >= LARGE_MIN && !(value >= YEAR_MIN && value <= YEAR_MAX);
}

/** 0 % and 100 % are figures of speech. */
function isHarmless(value: number): boolean {
  return value === 0 || value === 100;
}

const COUNTS = /\d|hundred|thousand|hundert|tausend|centaine|millier|cient|miles/i;
/** Characters before a number in which it may be a goal. */
const WANTED_BEFORE = 60;
/** Characters before a claim in which it may be denied. */
const BEFORE = 30;
const DENIED =
  /(?<!\p{L})(?:no|not|nobody|cannot|\p{L}+n['’]t|without|never|kein\w*|niemand|ohne|nicht|nie|sans|pas(?: de)?|aucune?|personne|sin|ning[uú]n\w*|nadie|nunca)\s+(?:\p{L}+\s+){0,2}$/iu;
/** Words before a number of customers that is a goal. */
const WANTED =
  /(?<!\p{L})(?:goals?|targets?|win|reach|gain|want|ziel\w*|gewinn\w*|erreich\w*|objectifs?|atteindre|gagner|objetivos?|llegar|alcanzar|conseguir|ganar)(?!\p{L})[^.!?]{0,40}$/iu;
const LARGE_MIN = 1_000;
const YEAR_MIN = 1_900;
const YEAR_MAX = 2_100;
/** A smaller number of customers is an example. */
const CROWD_MIN = 20;
/** Letters that tell a promise, whatever its ending is. */
const STEM_LENGTH = 6;
/** A larger group is no example of a price. */
const TIMES_MAX = 1_000;
/** A shorter quotation is a slogan. */
const QUOTED_WORDS_MIN = 5;
/** The same, if a first and a last name stand behind it, or a name and a place. */
const NAMED_WORDS_MIN = 2;
/** Characters of a quotation that a finding shows. */
const QUOTED_MAX = 60;
