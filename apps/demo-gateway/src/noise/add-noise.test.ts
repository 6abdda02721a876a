import { describe, expect, test } from "vitest";
import { FULL_BLOCKS, newPrompt } from "../../test/test-prompt.ts";
import { answerTo } from "../answers/answer-to.ts";
import { addNoise } from "./add-noise.ts";
import { DAMAGES } from "./damages.ts";

const answer = answerTo(newPrompt("cmo-plan-90day", FULL_BLOCKS), "2026-11-23");
const share = (rate: number, turn: "answer" | "repair") => {
  const texts = Array.from({ length: 400 }, (_, n) => `{"n": ${n}}`);
  return texts.filter((text) => addNoise(text, turn, { rate, seed: "s" }) !== text).length / 400;
};

test.each(Object.entries(DAMAGES))(
  "%s changes the answer, and nothing but the answer",
  (_, damage) => {
    expect(damage(answer)).not.toBe(answer);
    expect(damage(answer)).toBe(damage(answer));
  },
);

describe("noise", () => {
  test("is none at 0", () => {
    expect(addNoise(answer, "answer", { rate: 0, seed: "1" })).toBe(answer);
  });

  test("damages about the share that was asked for, and corrections less often", () => {
    expect(share(0.5, "answer")).toBeGreaterThan(0.35);
    expect(share(0.5, "answer")).toBeLessThan(0.65);
    expect(share(0.5, "repair")).toBeLessThan(share(0.5, "answer"));
  });

  test("is the same for the same seed, whatever ids and dates the answer bears", () => {
    const at = (text: string, seed: string) => addNoise(text, "answer", { rate: 1, seed });
    const id = "3f0d6c1e-2b7a-4a55-9c1d-7d9f0a1b2c3d";
    const first = JSON.stringify({ id, on: "2026-11-23", items: [1, null] }, null, 1);
    const later = first.replace(id, id.replace("3f", "4a")).replace("11-23", "12-24");
    const seeds = Array.from({ length: 30 }, (_, n) => String(n));
    const lengths = (text: string) => seeds.map((seed) => at(text, seed).length);
    expect(lengths(later)).toEqual(lengths(first));
    expect(new Set(lengths(first)).size).toBeGreaterThan(5);
  });

  test("leaves prose alone and damages its blocks", () => {
    const prose = 'Fine.\n```json:brand\n{"a": 1}\n```\nNext?';
    const seeds = Array.from({ length: 20 }, (_, n) => String(n));
    const texts = seeds.map((seed) => addNoise(prose, "answer", { rate: 1, seed }));
    expect(texts.every((text) => text.startsWith("Fine.\n```json:brand\n"))).toBe(true);
    expect(texts.some((text) => text !== prose)).toBe(true);
  });
});
