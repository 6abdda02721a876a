import { expect, test } from "vitest";
import { readOptions } from "./options.ts";

test("without options everything is played and written", () => {
  expect(readOptions(["--seed", "7"])).toEqual({
    isQuick: false,
    parts: ["claims", "product"],
    seed: 7,
    writes: true,
  });
});

test.each([["--quick"], ["--only", "claims"], ["--no-write"]])(
  "%s %s writes nothing",
  (...args) => {
    expect(readOptions(args.filter((one) => one !== undefined))?.writes).toBe(false);
  },
);

test("a part that does not exist is refused with those that do", () => {
  expect(() => readOptions(["--only", "redis"])).toThrow("claims or product");
});
