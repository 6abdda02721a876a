import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { ERRORS_PAGE, REPOSITORY } from "../repository.ts";
import { newErrorsPage } from "./errors-page.ts";

const page = newErrorsPage();
const rowsOf = (code: string) =>
  page.split("\n").filter((line) => line.startsWith(`| \`${code}\``));

test("docs/errors.md is what the table says; `npm run docs:errors` writes it", () => {
  expect(readFileSync(ERRORS_PAGE, "utf8")).toBe(page);
});

test("every code of the table is on the page once, in one section", () => {
  for (const code of Object.keys(ERROR_CODES)) expect(rowsOf(code), code).toHaveLength(1);
});

test("every code that the client makes up is on the page", () => {
  const files = globSync("packages/client/src/*.ts", { cwd: REPOSITORY });
  const codes = files.flatMap((file) =>
    [
      ...readFileSync(join(REPOSITORY, file), "utf8").matchAll(
        /\bcode: (?:.*\?\? )?"([a-z_]+)"|code === "([a-z_]+)"/g,
      ),
    ].map(([, made, compared]) => made ?? compared ?? ""),
  );
  expect(codes).toEqual(expect.arrayContaining(["network", "unexpected_answer"]));
  for (const code of codes) expect(rowsOf(code), code).toHaveLength(1);
});

test("every cell is a sentence, a number or a word", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  for (const row of rows) expect(row).not.toMatch(/\|\s+\||undefined/);
});
