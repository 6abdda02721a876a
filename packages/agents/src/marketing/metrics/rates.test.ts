import fc from "fast-check";
import { expect, test } from "vitest";
import { readRates } from "./rates.ts";

test("one percentage among fractions changes no other rate that the volumes prove", () => {
  const { fractions } = readRates([0.06, 0.4, 0.5, 90], [0.06, 0.4, 0.5, null]);

  expect(fractions).toEqual([0.06, 0.4, 0.5, 0.9]);
});

test("half a percent is not a half where the volumes say so", () => {
  expect(readRates([0.5, 30, 20], [0.005, 0.3, null]).fractions).toEqual([0.005, 0.3, 0.2]);
});

test("without volumes, rates are read as most of their list is written, and the doubt is told", () => {
  expect(readRates([0.5, 22, null, "unknown"])).toEqual({
    fractions: [0.005, 0.22, null, "unknown"],
    doubtful: [0],
  });
  expect(readRates([0.06, 0.4, 0.5, 90])).toEqual({
    fractions: [0.06, 0.4, 0.5, 0.9],
    doubtful: [1, 2],
  });
});

test("one percentage among many fractions is no doubt", () => {
  expect(readRates([24, 0.1, 0.02, 0.005, 0.01])).toEqual({
    fractions: [0.24, 0.1, 0.02, 0.005, 0.01],
    doubtful: [],
  });
});

test("fractions stay, and so does what is no rate at all", () => {
  for (const rates of [[0.5, 0.02, null], [0.5, 4000], []]) {
    expect(readRates(rates).fractions).toBe(rates);
  }
});

test("volumes are never contradicted: a right rate stays, in either notation", () => {
  const funnel = fc.array(fc.double({ min: 0.005, max: 1, noNaN: true }), { minLength: 1 });
  const notation = fc.infiniteStream(fc.boolean());

  fc.assert(
    fc.property(funnel, notation, (proven, isPercent) => {
      const written = proven.map((rate) => (isPercent.next().value === true ? rate * 100 : rate));

      readRates(written, proven).fractions.forEach((rate, i) => {
        expect(rate).toBeCloseTo(proven[i] ?? 0, 9);
      });
    }),
  );
});
