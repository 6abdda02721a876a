import { expect, test } from "vitest";
import { z } from "zod";
import { toPostgrestError } from "./postgrest-error.ts";

const Wrapped = z.object({ code: z.literal("PGRST"), message: z.string(), detail: z.string() });

function databaseError(code: string): Error {
  return Object.assign(new Error("It is refused."), { code, detail: "Because.", hint: undefined });
}

test.each([
  ["P0001", 400],
  ["23514", 400],
  ["28000", 403],
  ["57P01", 503],
  ["40001", 500],
])("%s is answered %i, with its code, message and details", (code, status) => {
  const wrapped = Wrapped.parse(toPostgrestError(databaseError(code)));
  expect(JSON.parse(wrapped.detail)).toMatchObject({ status });
  expect(JSON.parse(wrapped.message)).toEqual({
    code,
    message: "It is refused.",
    details: "Because.",
    hint: null,
  });
});

test.each(["42501", "23505", "PT404", "PGRST"])(
  "%s is left to the stand-in, which knows it",
  (code) => {
    const error = databaseError(code);
    expect(toPostgrestError(error)).toBe(error);
  },
);

test("what is no database error passes unchanged", () => {
  const error = new Error("fetch failed");
  expect(toPostgrestError(error)).toBe(error);
  expect(toPostgrestError("text")).toBe("text");
});
