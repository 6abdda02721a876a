import fc from "fast-check";
import { expect, test } from "vitest";
import { fitName, fitNames } from "./fit-names.ts";

const known = ["Independent hotel owners", "Small hotel groups"];

function fitted(given: readonly string[], names: readonly string[] = known) {
  return fitNames(given, { kind: "segment", known: names, path: "targets" });
}

test("known names stay as they are, without a finding", () => {
  expect(fitted(known)).toEqual({ value: known, findings: [] });
});

test("a name in another spelling is written as the workspace writes it", () => {
  const { value, findings } = fitted(["“independent Hotel-Owners”", "Small hotel groups"]);

  expect(value).toEqual(known);
  expect(findings).toMatchObject([{ kind: "reference", path: "targets", fixed: true }]);
});

test("an unknown name is an open finding that lists the known names", () => {
  const { value, findings } = fitted(["Bakers"]);

  expect(value).toEqual(["Bakers"]);
  expect(findings).toMatchObject([{ kind: "reference", fixed: false }]);
  expect(findings[0]?.message).toMatch(/“Bakers” is no segment.*“Independent hotel owners”/);
});

test("a repeated name is listed once", () => {
  expect(fitted(["Small hotel groups", "small hotel groups", ""]).value).toEqual([
    "Small hotel groups",
  ]);
});

test("without known segments a list is emptied, and a single name stays as a description", () => {
  const name = fitName("Bakers", { kind: "segment", known: [], path: "target" });

  expect(fitted(["Bakers"], [])).toMatchObject({ value: [], findings: [{ fixed: true }] });
  expect(name).toEqual({ value: "Bakers", findings: [] });
});

test("fitting is idempotent, and only open findings are reported again", () => {
  const name = fc.oneof(fc.string(), fc.constantFrom(...known, "small HOTEL groups", "Bakers"));

  fc.assert(
    fc.property(fc.array(name), fc.subarray(known), (given, names) => {
      const once = fitted(given, names);
      const twice = fitted(once.value, names);

      expect(twice.value).toEqual(once.value);
      expect(twice.findings.every((finding) => !finding.fixed)).toBe(true);
    }),
  );
});
