/**
 * Mends quotation marks within the strings of malformed JSON: „…" that opens in one script and
 * closes with the mark that ends a JSON string, and "…“ the other way round.
 *
 * A straight mark ends its string if the structure of JSON follows it. Otherwise it belongs to the
 * text, and becomes the typographic mark that its partner asks for. Valid JSON therefore never
 * changes. The text is read once.
 */

/** Each mark that opens a quotation, with the marks that close it; the first one is written. */
const CLOSERS: Readonly<Record<string, string>> = {
  "„": "“”",
  "“": "”",
  "«": "»",
  "»": "«",
  "‹": "›",
  "「": "」",
  "『": "』",
  "《": "》",
  "〈": "〉",
  "〝": "〞〟",
};
/** The mark that opens what a closing mark closes, where the opening one is straight. */
const OPENERS: Readonly<Record<string, string>> = {
  "“": "„",
  "”": "“",
  "»": "«",
  "›": "‹",
  "」": "「",
  "』": "『",
  "》": "《",
  "〉": "〈",
};

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** A name as models write it: some use typographic marks for it, or none on a line of its own. */
const KEY = String.raw`(?:${STRING}|[“”„'][^“”„'"\n]{0,60}[“”']|(?<=\n\s{0,40})[a-z]\w{0,60})\s*:`;
const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const CLOSING = String.raw`[}\]](?=\s*(?:[,}\]\x60]|$))`;
const COMMENT = String.raw`\/[\/*]`;
const VALUE = String.raw`["“„{[]|(?:true|false|null|${NUMBER})\s*[,\]]`;
/** What follows the end of a string, by the place that the string has. */
const FOLLOWS = {
  key: /\s*:/y,
  object: new RegExp(
    String.raw`\s*(?:$|\x60{3}|${CLOSING}|${COMMENT}|,\s*(?:$|[}\]]|${COMMENT}|\.{3}|${KEY})|\n\s*${KEY})`,
    "y",
  ),
  list: new RegExp(
    String.raw`\s*(?:$|\x60{3}|${CLOSING}|${COMMENT}|,\s*(?:$|[}\]]|${COMMENT}|\.{3}|${VALUE})|\n\s*")`,
    "y",
  ),
} as const;
/** A quotation that a straight mark opened and a typographic one closes. */
const CLOSES_LATER = /(?=[\p{L}\p{N}¿¡])[^"\\„“”«»‹›「」『』《》〈〉]*([“”»›」』》〉])/uy;

export function mendQuotes(text: string): string {
  return new QuoteMender(text).mend();
}

class QuoteMender {
  readonly #text: string;
  /** What the text is made of up to `#from`. */
  readonly #parts: string[] = [];
  #from = 0;
  /** The open objects and lists, and whether a key of the innermost object is expected. */
  readonly #open: ("object" | "list")[] = [];
  #isKeyNext = false;

  constructor(text: string) {
    this.#text = text;
  }

  mend(): string {
    for (let at = 0; at < this.#text.length; at += 1) {
      const char = this.#text.charAt(at);
      if (char === '"') at = this.#readString(at + 1);
      else this.#readStructure(char);
    }
    if (this.#parts.length === 0) return this.#text;
    return this.#parts.join("") + this.#text.slice(this.#from);
  }

  #readStructure(char: string): void {
    if (char === "{" || char === "[") this.#open.push(char === "{" ? "object" : "list");
    else if (char === "}" || char === "]") this.#open.pop();
    if (char === "{" || char === ",") this.#isKeyNext = this.#open.at(-1) === "object";
    else if (char === ":") this.#isKeyNext = false;
  }

  /** Returns the index of the mark that ends the string, or the end of the text. */
  #readString(start: number): number {
    let quotation: string | null = null;
    for (let at = start; at < this.#text.length; at += 1) {
      const char = this.#text.charAt(at);
      if (char === "\\") at += 1;
      else if (char === '"') {
        const mark = this.#markOf(at, quotation);
        if (mark === null) return at;
        this.#replace(at, mark);
        quotation = quotation === null ? mark : null;
      } else quotation = quotationAfter(quotation, char);
    }
    return this.#text.length;
  }

  /** The typographic mark that a straight one stands for; null if it ends the string. */
  #markOf(at: number, quotation: string | null): string | null {
    const place = this.#isKeyNext ? "key" : (this.#open.at(-1) ?? "list");
    if (matchAt(FOLLOWS[place], this.#text, at + 1)) return null;
    if (quotation !== null) return CLOSERS[quotation]?.charAt(0) ?? null;
    const closer = matchAt(CLOSES_LATER, this.#text, at + 1)?.[1];
    return closer === undefined ? null : (OPENERS[closer] ?? null);
  }

  #replace(at: number, mark: string): void {
    this.#parts.push(this.#text.slice(this.#from, at), mark);
    this.#from = at + 1;
  }
}

function quotationAfter(quotation: string | null, char: string): string | null {
  if (quotation !== null && CLOSERS[quotation]?.includes(char)) return null;
  return quotation === null && CLOSERS[char] !== undefined ? char : quotation;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
