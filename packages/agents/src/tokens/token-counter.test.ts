import { afterEach, expect, test } from "vitest";
import { roughTokens } from "./rough-tokens.ts";
import { createTokenCounter, type TokenCounter } from "./token-counter.ts";

let counter: TokenCounter;
afterEach(() => counter.close());

const PLENTY = { waitMs: 60_000 };
const WORD = "antidisestablishmentarianism";

test("texts are counted in a thread, each caller gets its own number", async () => {
  counter = createTokenCounter(PLENTY);
  const texts = ["hello world", WORD, ""];
  expect(await Promise.all(texts.map((text) => counter.count(text)))).toEqual([2, 6, 0]);
});

test("a thread that has ended is started again", async () => {
  counter = createTokenCounter({ ...PLENTY, idleMs: 0 });
  expect(await counter.count(WORD)).toBe(6);
  expect(await counter.count(WORD)).toBe(6);
});

test("what is not counted in time is guessed", async () => {
  counter = createTokenCounter({ waitMs: 0 });
  expect(await counter.count(WORD)).toBe(roughTokens(WORD));
});

test("what waits when the counter is closed is guessed, and so is what comes later", async () => {
  counter = createTokenCounter(PLENTY);
  const waiting = counter.count(WORD);
  await counter.close();
  expect(await waiting).toBe(roughTokens(WORD));
  expect(await counter.count(WORD)).toBe(roughTokens(WORD));
});
