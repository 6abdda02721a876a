import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBody } from "./json-body.ts";

const parse = (text: string) => parseBody(Buffer.from(text));
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("JSON bodies", () => {
  test("valid JSON is parsed unchanged", () => {
    // Names that pollute prototypes and NUL characters are refused on purpose.
    const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => {
      const text = JSON.stringify(value);
      return !/__proto__|constructor|\\u0000|\\ud[89a-f]/i.test(text);
    });
    fc.assert(
      fc.property(json, (value) => {
        expect(parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("an empty body is undefined", () => {
    expect(parse(" \n")).toBeUndefined();
  });

  test("nesting is counted outside strings", () => {
    expect(parse(nested(32))).toBeDefined();
    expect(() => parse(nested(33))).toThrow("not exceed 32 levels of nesting");
    expect(parse(JSON.stringify({ a: `${nested(99)}\\"{` }))).toBeDefined();
    expect(() => parse("[".repeat(200_000))).toThrow("nesting");
  });

  test("names that pollute prototypes are refused with their path", () => {
    expect(() => parse('{"a":[{"__proto__":1}]}')).toThrow("a.0.__proto__");
    expect(() => parse('{"constructor":{"prototype":1}}')).toThrow("constructor");
    expect(parse('{"constructor":"Renault"}')).toEqual({ constructor: "Renault" });
  });

  test("text that Postgres cannot store is refused", () => {
    for (const text of ['"\\u0000"', '{"a":"\\ud800"}', '{"\\u0000":1}']) {
      expect(() => parse(text)).toThrow("NUL character");
    }
    expect(parse('"\\ud83d\\ude00"')).toBe("😀");
  });

  test("bytes that only look like JSON are refused", () => {
    for (const text of ["\uFEFF{}", "\uFEFF", "NaN", "{'a':1}", "[1,]", "// {}"]) {
      expect(() => parse(text)).toThrow("not valid JSON");
    }
    expect(() => parseBody(Buffer.from('{"a":1}', "utf16le"))).toThrow("not valid JSON");
    expect(() => parseBody(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow("not valid UTF-8");
  });

  test("a number above the range of a double is refused with its path", () => {
    expect(() => parse('{"a":[1e308,1e309]}')).toThrow("a.1: The number is too large");
    expect(() => parse("-1e309")).toThrow("The number is too large");
  });
});
