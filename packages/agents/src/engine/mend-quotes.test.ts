import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mendQuotes } from "./mend-quotes.ts";
import { repairText } from "./repair-text.ts";

const parse = (text: string): unknown => JSON.parse(repairText(text) ?? "null");

describe("a quotation that ends with the mark of JSON is text", () => {
  test.each([
    [
      "as a whole value",
      '{"a": "„Mein Team kann keine App."", "b": 1}',
      "„Mein Team kann keine App.“",
    ],
    ["within a sentence", '{"a": "Er sagt „nein" und geht.", "b": 1}', "Er sagt „nein“ und geht."],
    ["before a comma", '{"a": "„Zu teuer", sagt sie.", "b": 1}', "„Zu teuer“, sagt sie."],
    [
      "before a colon",
      '{"a": "Die Frage „Wer kann?": Antwort", "b": 1}',
      "Die Frage „Wer kann?“: Antwort",
    ],
    ["twice", '{"a": "„Ja" oder „nein"", "b": 1}', "„Ja“ oder „nein“"],
    ["before a bracket", '{"a": "(„so")", "b": 1}', "(„so“)"],
    ["before an escaped break", String.raw`{"a": "„so"\nUnd", "b": 1}`, "„so“\nUnd"],
    ["in English", '{"a": "“I sleep" says Ann", "b": 1}', "“I sleep” says Ann"],
    ["in Spanish", '{"a": "Dicen «no" siempre", "b": 1}', "Dicen «no» siempre"],
    [
      "in French, with thin spaces",
      '{"a": "On dit «\u202fnon\u202f" souvent", "b": 1}',
      "On dit «\u202fnon\u202f» souvent",
    ],
    [
      "in reversed marks",
      '{"a": "Sie ruft »nein" und lacht", "b": 1}',
      "Sie ruft »nein« und lacht",
    ],
    ["in Chinese and Japanese", '{"a": "「はい" と言う《书", "b": 1}', "「はい」 と言う《书"],
    [
      "that begins with the mark of JSON",
      '{"a": "Sagt "nein“ und geht", "b": 1}',
      "Sagt „nein“ und geht",
    ],
  ])("%s", (_where, text, read) => {
    expect(parse(text)).toEqual({ a: read, b: 1 });
  });

  test("and splits no list", () => {
    const text = '{"a": ["„Zu teuer"", "„Kein Bedarf", sagt sie", "c"], "b": ["x „y" z"]}';
    expect(parse(text)).toEqual({
      a: ["„Zu teuer“", "„Kein Bedarf“, sagt sie", "c"],
      b: ["x „y“ z"],
    });
  });

  test("and typographic marks around names and entries stay for the repair", () => {
    const text = '{“a”: ["x", “y”], “b”: "„so" ist es",\n c: 1}';
    expect(parse(text)).toEqual({ a: ["x", "y"], b: "„so“ ist es", c: 1 });
  });

  test("and other faults of the same text are repaired", () => {
    expect(parse('{a: "„so" ist es", // why\n "b": [1, 2,]}')).toEqual({
      a: "„so“ ist es",
      b: [1, 2],
    });
  });
});

const mark = fc.constantFrom(
  ...'„ “ ” « » ‹ › 「 」 『 』 《 》 " \\ , : ] } { [ ``` // a 7 true'.split(" "),
  "\n",
  " ",
  "\u202f",
);
const anyText = fc.array(mark, { maxLength: 16 }).map((marks) => marks.join(""));
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyText,
    fc.constantFrom(null, true, false, 0, -1.5, 2e30),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("what is right is never changed", () => {
  fc.assert(
    fc.property(anyValue, fc.constantFrom(0, 1, "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(mendQuotes(text)).toBe(text);
      expect(mendQuotes(`${text}\n\`\`\``)).toBe(`${text}\n\`\`\``);
    }),
    { numRuns: 2_000 },
  );
});

test("every quotation of a list is mended, and the other entries stay as they are", () => {
  const word = fc.stringMatching(/^[a-zäöü]{1,6}$/);
  const quoted = fc
    .tuple(word, word, fc.constantFrom("", ".", " sagt sie", "? Ja."))
    .map(([a, b, rest]) => ({
      written: `„${a} ${b}"${rest}`,
      read: `„${a} ${b}“${rest}`,
    }));
  const entry = fc.oneof(
    quoted,
    anyText.map((text) => {
      const written = JSON.stringify(text).slice(1, -1);
      return { written, read: text };
    }),
  );
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (entries) => {
      const text = `{"a":[${entries.map(({ written }) => `"${written}"`).join(", ")}]}`;
      expect(parse(text)).toEqual({ a: entries.map(({ read }) => read) });
    }),
    { numRuns: 1_000 },
  );
});

test.each(['"', '„"', '"“', '{"a": "„', '["„a" ', '"„ , ', '{"'])(
  "%j repeated is read in time that grows with its length",
  (piece) => {
    const text = piece.repeat(128_000 / piece.length);
    const startedAt = performance.now();
    mendQuotes(text);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  },
);
