import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../agent/finding.ts";
import { fitName, fitNames } from "./fit-names.ts";

const known = ["Independent hotel owners", "Small hotel groups"];

function fitted(given: readonly string[], names: readonly string[] = known) {
  const told: Finding[] = [];
  const value = fitNames(given, { kind: "segment", known: names, path: "targets", told });
  return { value, told };
}

test("known names stay as they are, without a finding", () => {
  expect(fitted(known)).toEqual({ value: known, told: [] });
});

test("a name in another spelling is written as the workspace writes it", () => {
  const { value, told } = fitted(["“independent Hotel-Owners”", "Small hotel groups"]);

  expect(value).toEqual(known);
  expect(told).toMatchObject([{ kind: "reference", path: "targets", fixed: true }]);
});

test("a name that nobody knows is asked about, with the names that are known", () => {
  const { value, told } = fitted(["Bakers"]);

  expect(value).toEqual(["Bakers"]);
  expect(told).toMatchObject([{ kind: "reference", fixed: false }]);
  expect(told[0]?.message).toMatch(/“Bakers” is no segment.*“Independent hotel owners”/);
});

test("a repeated name is there once", () => {
  expect(fitted(["Small hotel groups", "small hotel groups", ""]).value).toEqual([
    "Small hotel groups",
  ]);
});

test("where no segment is known a list is empty, and one name is a description", () => {
  const told: Finding[] = [];

  expect(fitted(["Bakers"], [])).toMatchObject({ value: [], told: [{ fixed: true }] });
  expect(fitName("Bakers", { kind: "segment", known: [], path: "target", told })).toBe("Bakers");
  expect(told).toEqual([]);
});

test("what has been fitted once stays, and only open findings are told again", () => {
  const name = fc.oneof(fc.string(), fc.constantFrom(...known, "small HOTEL groups", "Bakers"));

  fc.assert(
    fc.property(fc.array(name), fc.subarray(known), (given, names) => {
      const once = fitted(given, names);
      const twice = fitted(once.value, names);

      expect(twice.value).toEqual(once.value);
      expect(twice.told.every((finding) => !finding.fixed)).toBe(true);
    }),
  );
});
