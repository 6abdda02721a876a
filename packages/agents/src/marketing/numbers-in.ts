/** Finds the numbers in a text, and whether each is a percentage, an amount or a multiple. */
export interface WrittenNumber {
  readonly value: number;
  readonly unit: "percent" | "money" | "times" | null;
  /** The number with its unit, as in the text. */
  readonly written: string;
}

const NUMBER = /\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?!\d)(?:[.,]\d+)?/g;
/** A number without a separator. */
const PLAIN = /^\d+$/;
const MONEY = "€|\\$|£|¥|₹|EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR|BRL";
const MONEY_BEFORE = new RegExp(`(?:${MONEY})[\\s\\u00a0\\u202f]?$`);
const AFTER = {
  percent: /^[\s\u00a0\u202f]?(?:%|percent\b|per cent\b|Prozent\b|procent\b|pour cent\b)/i,
  money: new RegExp(
    `^[\\s\\u00a0\\u202f]?(?:${MONEY}|(?:euros?|dollars?|pounds?)(?!\\p{L}))(?!\\p{L})`,
    "u",
  ),
  times: /^(?:[x×](?!\p{L})|[\s\u00a0]times (?:more|faster|better|higher|as)\b)/iu,
} as const;

/** Lazy, so that a search that ends early costs no more. */
export function* numbersIn(text: string): Generator<WrittenNumber> {
  for (const { 0: digits, index } of text.matchAll(NUMBER)) {
    const before = MONEY_BEFORE.exec(text.slice(Math.max(0, index - 5), index))?.[0];
    const rest = text.slice(index + digits.length, index + digits.length + 20);
    const [unit, after] = unitOf(rest);
    yield {
      value: toNumber(digits),
      unit: before === undefined ? unit : "money",
      written: `${before ?? ""}${digits}${after}`,
    };
  }
}

/** The numbers without their units: a fraction of the cost. */
export function* valuesIn(text: string): Generator<number> {
  for (const [digits] of text.matchAll(NUMBER)) yield toNumber(digits);
}

function unitOf(rest: string): readonly [WrittenNumber["unit"], string] {
  for (const unit of ["percent", "money", "times"] as const) {
    const [written] = AFTER[unit].exec(rest) ?? [];
    if (written !== undefined) return [unit, written];
  }
  return [null, ""];
}

/** The last separator precedes thousands if three digits follow, otherwise a fraction. */
function toNumber(written: string): number {
  if (PLAIN.test(written)) return Number(written);
  const digits = written.replace(/['’\u00a0\u202f ]/g, "");
  const [, whole = digits, fraction = ""] = /^(.*)[.,](\d+)$/.exec(digits) ?? [];
  const isThousands = fraction.length === 3 && !/^0*$/.test(whole);
  const plain = whole.replace(/[.,]/g, "");
  return Number(isThousands ? plain + fraction : `${plain}.${fraction || "0"}`);
}
