import { expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";

test("without a command the matrix is played, with all options given", () => {
  expect(readCommandLine([])).toEqual({ kind: "command", name: "matrix", args: [] });
  const args = ["--only", "F02", "--no-write"];
  expect(readCommandLine(args)).toEqual({ kind: "command", name: "matrix", args });
});

test("a command receives the options that follow it", () => {
  expect(readCommandLine(["kill", "--runs", "20"])).toEqual({
    kind: "command",
    name: "kill",
    args: ["--runs", "20"],
  });
});

test("--help alone lists the commands; after a command it is the command's", () => {
  expect(readCommandLine(["--help"])).toEqual({ kind: "help" });
  expect(readCommandLine(["random", "--help"])).toMatchObject({ name: "random", args: ["--help"] });
});

test("an unknown command is refused with the list of those that exist", () => {
  expect(() => readCommandLine(["kil"])).toThrow(
    "There is no command kil. The commands are matrix, kill, disconnects, random.",
  );
});
