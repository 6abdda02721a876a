import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";

const repository = new URL("../../", import.meta.url);
const document = readFileSync(new URL("docs/security.md", repository), "utf8");
const files = "test/{security/*.sec,integration/refused-*.int}.test.ts";
const attacks = globSync(files, { cwd: repository }).map((path) => ({
  name: basename(path).replace(/\.(sec|int)\.test\.ts$/, ""),
  text: readFileSync(new URL(path, repository), "utf8"),
}));

/** The first and the last cell of each row whose first cell looks like `id`. */
function readRows(id: RegExp): { id: string; result: string }[] {
  return document.split("\n").flatMap((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const [first = "", last = ""] = [cells[1], cells.at(-2)];
    return id.test(first) ? [{ id: first, result: last }] : [];
  });
}

/** The files that a result names; none if the attack is not played. */
function filesOf(result: string): string[] {
  const named = /^held: ([\w-]+(?:, [\w-]+)*)/.exec(result)?.[1];
  return named === undefined ? [] : named.split(", ");
}

function filesWhere(plays: (text: string) => boolean): string[] {
  return attacks
    .filter(({ text }) => plays(text))
    .map(({ name }) => name)
    .sort();
}

/** A group's heading is no test. */
const titlesOf = (text: string) => text.replace(/describe\(\s*["`][^"`]*["`]/g, "");

describe("docs/security.md", () => {
  const rows = readRows(/^S\d\d$/);

  test("it lists every attack once, in order", () => {
    const ids = rows.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    const played = attacks.flatMap(
      ({ text }) => titlesOf(text).match(/(?<=["`])S\d\d(?=: )/g) ?? [],
    );
    expect(ids).toEqual(expect.arrayContaining(played));
  });

  test.each(rows)("its result for $id names the files whose tests play it", ({ id, result }) => {
    expect(filesOf(result)).toEqual(
      filesWhere((text) => new RegExp(`["\`]${id}: `).test(titlesOf(text))),
    );
    if (filesOf(result).length === 0) expect(result).toMatch(/^waits for \w+/);
  });

  test("at least forty-five attacks are played", () => {
    expect(rows.filter(({ result }) => filesOf(result).length > 0).length).toBeGreaterThanOrEqual(
      45,
    );
  });

  test.each(readRows(/^\d+$/))(
    "its result for leak $id names the files that close it",
    ({ id, result }) => {
      expect(filesOf(result)).toEqual(filesWhere((text) => leaksOf(text).includes(id)));
    },
  );

  test("it lists all eighteen leaks", () => {
    const ids = Array.from({ length: 18 }, (_, index) => String(index + 1));
    expect(readRows(/^\d+$/).map(({ id }) => id)).toEqual(ids);
  });
});

/** The numbers in `(leak 2)` and `(leaks 5, 6)`. */
function leaksOf(text: string): string[] {
  return [...text.matchAll(/\(leaks? ([\d, ]+)\)/g)].flatMap(([, list = ""]) => list.split(", "));
}
