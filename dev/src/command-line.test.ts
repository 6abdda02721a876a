import { expect, test } from "vitest";
import { parseCommandLine, UsageError } from "./command-line.ts";

test("commands are understood with their options", () => {
  expect(parseCommandLine(["start"])).toEqual({ name: "start", watch: false, verbose: false });
  expect(parseCommandLine(["start", "--verbose", "--watch"])).toEqual({
    name: "start",
    watch: true,
    verbose: true,
  });
  expect(parseCommandLine(["demo"])).toEqual({ name: "demo", verbose: false });
  expect(parseCommandLine(["types"])).toEqual({ name: "types" });
});

test("help is given wherever it is asked for", () => {
  expect(parseCommandLine(["--help"])).toEqual({ name: "help" });
  expect(parseCommandLine(["start", "-h"])).toEqual({ name: "help" });
});

test.each([[], ["stop"], ["toString"], ["demo", "--watch"], ["start", "now"]])(
  "what does not exist is refused: %s %s",
  (...args: string[]) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
  },
);
