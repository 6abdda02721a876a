import { describe, expect, test } from "vitest";
import { countTokens } from "./count-tokens.ts";

describe("tokens are counted", () => {
  // From OpenAI's own examples of o200k_base, and from tiktoken.
  test.each([
    ["", 0],
    ["hello world", 2],
    ["tiktoken is great!", 6],
    ["antidisestablishmentarianism", 6],
    ["2 + 2 = 4", 7],
    ["お誕生日おめでとう", 8],
  ])("%j has %i", (text, tokens) => {
    expect(countTokens(text)).toBe(tokens);
  });

  test("also where a text names a special token", () => {
    expect(countTokens("a <|endoftext|> b")).toBeGreaterThan(3);
  });

  // Uncut, the first takes longer than any test may.
  test.each([
    ["Chinese without punctuation", 0x4e00, 20_000],
    ["emoji", 0x1f300, 700],
    ["letters", 97, 26],
    ["signs", 33, 14],
  ])("in a short time, also where no word ends: %s", (_, first, span) => {
    const letters = Array.from(
      { length: 80_000 },
      (_letter, n) => first + ((n * n + 7 * n) % span),
    );
    const text = String.fromCodePoint(...letters.slice(0, 40_000)).repeat(2);
    expect(countTokens(text)).toBeGreaterThan(1_000);
  });

  test("and cutting a long word makes few tokens more", () => {
    const cut = countTokens("ab".repeat(10_000));
    const whole = countTokens("ab".repeat(100)) * 100;
    expect(cut).toBeLessThan(1.1 * whole);
  });
});
