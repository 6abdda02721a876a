import { expect, test } from "vitest";
import { atLeast, atMost, figure, missed, toMarkdown } from "./verdict.ts";

const verdicts = [
  atMost({ criterion: "small", value: 3, bound: 2 }),
  atLeast({ criterion: "large", value: 3, bound: 2 }),
  figure("shown", "12"),
];
const section = { title: "Sizes", setting: "Three numbers.", verdicts };

test("a miss is named with its section, and a figure is never one", () => {
  expect(missed([section])).toEqual(["Sizes: small"]);
});

test("what could not be measured is a miss", () => {
  expect(atMost({ criterion: "small", value: Number.NaN, bound: 2 }).met).toBe(false);
  expect(atLeast({ criterion: "large", value: Number.NaN, bound: 2 }).met).toBe(false);
});

test("the table has a row for each verdict", () => {
  expect(toMarkdown(section)).toContain("| small | 3 | ≤ 2 | NO |");
  expect(toMarkdown(section)).toContain("| shown | 12 | – | – |");
});
