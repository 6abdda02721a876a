import { toMode } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import { expect, test } from "vitest";
import { resolveMode } from "./resolve-mode.ts";

function refusalOf(name: string): AppError {
  try {
    resolveMode(name);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`${name} is a mode`);
}

test.each(["strategy", "cmo-plan-90day", "plan-90day"])("%s is resolved to its mode", (name) => {
  expect(resolveMode(name)).toBe("strategy");
});

test("an unknown mode is refused with the valid ones, and each of them is valid", () => {
  const { code, members } = refusalOf("constructor");
  expect(code).toBe("unknown_mode");
  expect(members["validModes"]).toEqual(expect.arrayContaining(["setup", "plan-90day"]));
  const names = Object.values(members).flat();
  expect(names.filter((name) => typeof name !== "string" || toMode(name) === null)).toEqual([]);
});
