import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAsWritten } from "./parse-as-written.ts";

test("a number that was written with thousands stays as written", () => {
  expect(
    parseAsWritten('{"budget": 1.200, "parts": [-12.500, 0.200, 1.2, 1.825, 1200.500]}'),
  ).toEqual({ budget: "1.200", parts: ["-12.500", 0.2, 1.2, 1.825, 1200.5] });
  expect(parseAsWritten('{"text": "1.200"}')).toEqual({ text: "1.200" });
});

test("what a program has written is read as by any other program", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (json, number) => {
        const text = JSON.stringify([json, number]);

        expect(parseAsWritten(text)).toEqual(JSON.parse(text));
      },
    ),
  );
});
