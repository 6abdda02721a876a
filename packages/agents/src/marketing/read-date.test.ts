import { expect, test } from "vitest";
import { languageOf } from "./languages/languages.ts";
import { readDate } from "./read-date.ts";

test.each([
  ["en", "2027-01-12", "2027-01-12"],
  ["en", "2027-01-12T09:00:00Z", "2027-01-12"],
  ["en", "2027/1/5", "2027-01-05"],
  ["en", "January 12, 2027", "2027-01-12"],
  ["en", "Tue, Jan 12th, 2027", "2027-01-12"],
  ["en", "12 January 2027", "2027-01-12"],
  ["en", "25/12/2026", "2026-12-25"],
  ["en", "12/25/2026", "2026-12-25"],
  ["de", "12. Januar 2027", "2027-01-12"],
  ["de", "Dienstag, 12. Jan. 2027", "2027-01-12"],
  ["de", "05.03.2027", "2027-03-05"],
  ["en", "05.03.2027", "2027-03-05"],
  ["de", "5. März 2027", "2027-03-05"],
  ["fr", "1er août 2027", "2027-08-01"],
  ["fr", "le 12 janvier 2027", "2027-01-12"],
  ["fr", "03/02/2027", "2027-02-03"],
  ["es", "12 de enero de 2027", "2027-01-12"],
  ["en", "12 de enero de 2027", "2027-01-12"],
])("in %s, %s is %s", (language, text, date) => {
  expect(readDate(text, languageOf(language))).toBe(date);
});

test.each([
  "03/02/2027",
  "12 January",
  "next Tuesday",
  "2027-02-30",
  "30. Februar 2027",
  "Q1 2027",
])("%s is no date, or may be two", (text) => {
  expect(readDate(text, languageOf("en"))).toBeNull();
});

test.each([
  ["12. Januar", "2027-01-12"],
  ["5.1.", "2027-01-05"],
  ["1. Dezember", "2026-12-01"],
  ["30. November", "2027-11-30"],
  ["December 24", "2026-12-24"],
  ["31. Juni", null],
])("without a year, %s is the next such day", (text, date) => {
  expect(readDate(text, languageOf("de"), "2026-12-01")).toBe(date);
  expect(readDate(text, languageOf("de"))).toBeNull();
});
