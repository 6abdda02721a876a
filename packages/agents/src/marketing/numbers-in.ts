/** Finds the numbers in a text, and whether each is a percentage, an amount or a multiple. */
export interface WrittenNumber {
  readonly value: number;
  readonly unit: "percent" | "money" | "times" | null;
  /** The number with its unit, as in the text. */
  readonly written: string;
}

const NUMBER = /\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?!\d)(?:[.,]\d+)?/g;
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

export function numbersIn(text: string): readonly WrittenNumber[] {
  return [...text.matchAll(NUMBER)].map((match) => {
    const [digits] = match;
    const before = MONEY_BEFORE.exec(text.slice(Math.max(0, match.index - 5), match.index))?.[0];
    const rest = text.slice(match.index + digits.length, match.index + digits.length + 20);
    const [unit, after] = unitOf(rest);
    return {
      value: toNumber(digits),
      unit: before === undefined ? unit : "money",
      written: `${before ?? ""}${digits}${after}`,
    };
  });
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
  const digits = written.replace(/['’\u00a0\u202f ]/g, "");
  const [, whole = digits, fraction = ""] = /^(.*)[.,](\d+)$/.exec(digits) ?? [];
  const isThousands = fraction.length === 3 && !/^0*$/.test(whole);
  const plain = whole.replace(/[.,]/g, "");
  return Number(isThousands ? plain + fraction : `${plain}.${fraction || "0"}`);
}
