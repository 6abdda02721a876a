/** The sabotages match the list of guarantees, the markers in the sources and the named tests. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { GUARANTEE_IDS } from "../guarantees.ts";
import { findMarkers, guaranteesOf } from "../sabotage/markers.ts";
import { breakCode, guaranteesBrokenBy, swap } from "../sabotage/sabotage.ts";
import { sabotages } from "../sabotage/sabotages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");
const MIGRATIONS = "supabase/migrations/";
const SOURCES = ["apps", "packages", "dev", "supabase"];

/** Every marker of the sources, as `file: name`. */
function markersOfSources(): { file: string; name: string }[] {
  const list = execFileSync("git", ["ls-files", "-z", ...SOURCES], { cwd: root, encoding: "utf8" });
  // A migration is generated from the schemas, with their comments.
  const files = list
    .split("\0")
    .filter((file) => /\.(?:ts|lua|sql)$/.test(file) && !file.startsWith(MIGRATIONS));
  return files.flatMap((file) => findMarkers(read(file)).map(({ name }) => ({ file, name })));
}

/** Whether a string of the file is the test's title; what a title takes from a table is left out. */
function hasTitle(text: string, name: string): boolean {
  const strings = [...text.matchAll(/"([^"\n]+)"|`([^`\n]+)`/g)];
  return strings.some(([, plain, template]) => {
    const parts = (plain ?? template ?? "").split(/\$\{.*?\}|\$[\w.]+|%\w/);
    return parts.join("").length >= LEAST_TITLE && isInOrder(parts, name);
  });
}

/** Shorter strings are found in many names by chance. */
const LEAST_TITLE = 12;

function isInOrder(parts: readonly string[], name: string): boolean {
  let from = 0;
  return parts.every((part) => {
    const at = name.indexOf(part, from);
    from = at + part.length;
    return at >= 0;
  });
}

test("every guarantee has a sabotage", () => {
  const broken = new Set(sabotages.flatMap(guaranteesBrokenBy));
  expect(GUARANTEE_IDS.filter((id) => !broken.has(id))).toEqual([]);
});

test("every sabotage has an id of its own", () => {
  expect(new Set(sabotages.map(({ id }) => id)).size).toBe(sabotages.length);
});

test.each(sabotages)("$id finds its code once", (sabotage) => {
  const text = read(sabotage.file);
  expect(breakCode(text, sabotage)).not.toBe(text);
});

test("every marker in the sources is used by a sabotage, and names existing guarantees", () => {
  const markers = markersOfSources();
  expect(markers.length).toBeGreaterThan(0);
  const used = new Set(sabotages.map(({ file, guards }) => `${file}: ${guards}`));
  const unused = markers
    .map(({ file, name }) => `${file}: ${name}`)
    .filter((one) => !used.has(one));
  expect(unused).toEqual([]);
  for (const { name } of markers) expect(guaranteesOf(name)).not.toEqual([]);
});

test("every named test exists", () => {
  const lost = sabotages.filter(({ red: { file, name } }) => {
    const text = read(file);
    return !text.includes(name) && !hasTitle(text, name);
  });
  expect(lost.map(({ id, red }) => `${id}: ${red.file}: ${red.name}`)).toEqual([]);
});

test("SQL is broken in the schemas, from which the database of the copy is made", () => {
  const elsewhere = sabotages.filter(
    ({ file }) => file.endsWith(".sql") && !file.startsWith("supabase/schemas/"),
  );
  expect(elsewhere.map(({ id }) => id)).toEqual([]);
});

test("a marker that is missing, doubled or misspelt is refused", () => {
  const [any] = sabotages;
  if (!any) throw new Error("There is no sabotage.");
  const { id, file, red } = any;
  const sabotage = { id, file, red, guards: "G5: fence", change: swap("1", "2") };
  const marked = "// guards G5: fence\nreturn 1;\n";
  expect(breakCode(`a = 1;\n${marked}`, sabotage)).toBe("a = 1;\n// guards G5: fence\nreturn 2;\n");
  expect(() => breakCode("return 1;", sabotage)).toThrow("is there 0 times instead of once");
  expect(() => breakCode(marked + marked, sabotage)).toThrow("is there 2 times instead of once");
  expect(() => breakCode(marked.replace("1", "3"), sabotage)).toThrow('"1" is there 0 times');
  expect(() => guaranteesOf("G99: fence")).toThrow('"guards G99: fence" must name guarantees');
  expect(() => guaranteesOf("G5 fence")).toThrow("must name guarantees");
});
