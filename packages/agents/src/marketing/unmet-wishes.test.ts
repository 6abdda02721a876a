import { describe, expect, test } from "vitest";
import { isInBlackout, readBlackout } from "./read-blackout.ts";
import { readWishes } from "./read-wishes.ts";
import { namedCompetitors, unmetWishes } from "./unmet-wishes.ts";
import { textsOf } from "./unproven-claims.ts";

describe("limits in words", () => {
  test.each([
    ["Höchstens 9.000 EUR, bitte", 9_000],
    ["max. € 500", 500],
    ["at most $1,200 in total", 1_200],
    ["Alles für unter 300 €", 300],
    ["pas plus de 800 €", 800],
    ["como máximo 900 €", 900],
  ])("of money: %s", (words, value) => {
    const cost = (given: number) =>
      unmetWishes(words, { texts: [], cost: { path: "total", value: given } });

    expect(readWishes(words).limits).toMatchObject([{ kind: "money", value, of: null }]);
    expect(cost(value)).toEqual([]);
    expect(cost(value + 1)).toMatchObject([{ kind: "asked", path: "total", grade: "doubt" }]);
  });

  test.each([
    ["höchstens sechs oder 6 Wochen", null],
    ["höchstens 6 Wochen", 42],
    ["in under 10 days", 10],
    ["2 mois, au maximum 2 mois", 62],
    ["no más de 3 semanas", 21],
  ])("of time: %s", (words, value) => {
    const [limit] = readWishes(words).limits.filter(({ kind }) => kind === "days");
    expect(limit?.value ?? null).toBe(value);
  });

  test.each([
    "max. 40 EUR pro Lead",
    "at most EUR 55 each",
    "up to 40 people",
    "bis zu 20 % Rabatt",
    "max 5 Stunden pro Woche",
    "under 30",
  ])("a limit for each of something, or of something else, is none: %s", (words) => {
    expect(readWishes(words).limits).toEqual([]);
  });

  test.each([
    ["At most 3,000 dollars a month on Instagram.", "Instagram", true],
    ["Höchstens 1.500 € im Monat für Google Ads", "Google Ads", true],
    ["Máximo 700 € al mes en Instagram", "Instagram", true],
    ["Pas plus de 400 € pour LinkedIn", "LinkedIn", false],
  ])("of a channel: %s", (words, of, isMonthly) => {
    const [limit] = readWishes(words).limits;
    const most = (limit?.value ?? 0) * (isMonthly ? 3 : 1);
    const answer = (value: number) => ({
      texts: [],
      cost: { path: "total", value: 20_000 },
      parts: [
        { path: "a", name: "E-mail", value: 15_000 },
        { path: "b", name: `${of} (organic)`, value },
      ],
      months: 3,
    });

    expect(limit).toMatchObject({ of, isMonthly });
    expect(unmetWishes(words, answer(most))).toEqual([]);
    expect(unmetWishes(words, answer(most + 1))).toMatchObject([{ path: "b", grade: "doubt" }]);
  });

  test("of each month: the whole is compared with all months", () => {
    const total = (value: number) =>
      unmetWishes("max 500 € pro Monat", {
        texts: [],
        cost: { path: "total", value },
        months: 3,
      });

    expect([total(1_500), total(1_501)].map((found) => found.length)).toEqual([0, 1]);
  });
});

describe("what is not wanted", () => {
  const find = (words: string, answer: unknown) => unmetWishes(words, { texts: textsOf(answer) });

  test.each([
    ["Kein TikTok, keine Kaltakquise am Telefon.", ["TikTok", "Kaltakquise"]],
    ["No discounts or giveaways, please; focus on LinkedIn.", ["discounts", "giveaways"]],
    ["Pas de démarchage, sans publicité payante", ["démarchage", "publicité payante"]],
    [
      "Please don't use Twitter, and avoid jargon and giveaways",
      ["Twitter", "jargon", "giveaways"],
    ],
    ["We don't want any paid ads. Stay away from TikTok", ["paid ads", "TikTok"]],
    [
      "Nicht auf Instagram posten! Bitte verzichtet auf Gewinnspiele",
      ["Instagram", "Gewinnspiele"],
    ],
    ["Évitez les réductions", ["réductions"]],
    [
      "No queremos anuncios en Facebook. Evitar sorteos y descuentos",
      ["anuncios en Facebook", "sorteos", "descuentos"],
    ],
    ["Keine Posts an Wochenenden, keine Anzeigen am Sonntag", []],
    ["Ohne TikTok und ohne Print", ["TikTok", "Print"]],
    ["Buchhaltung ohne Tabellen, planning without an app", []],
    ["No budget for video, no deadline, ohne großes Budget", []],
    ["Sin descuentos ni sorteos", ["descuentos", "sorteos"]],
    ["No more than two posts. No idea yet, no problem. Kein Problem.", []],
    ["No launches in April", []],
  ])("is read: %s", (words, unwanted) => {
    expect(readWishes(words).unwanted.map(({ written }) => written)).toEqual(unwanted);
  });

  test.each([
    ["Kein TikTok", { channels: ["E-Mail", "TikTok Ads"] }, "channels[1]"],
    ["keine Kaltakquise am Telefon", { tactics: ["Cold calling by two people"] }, "tactics[0]"],
    ["no discounts", { body: "Jetzt 20 % Rabatt sichern" }, "body"],
    ["Keine Emojis", { body: "Guten Morgen ☕" }, "body"],
    ["no webinars", { title: "Our webinar on rest" }, "title"],
    ["sin descuentos", { body: "Con un descuento de abril" }, "body"],
    ["No paid ads on Facebook", { types: ["Paid ads on X", "Facebook paid ads"] }, "types[1]"],
  ])("“%s” is a doubt where it is used", (words, answer, path) => {
    expect(find(words, answer)).toMatchObject([{ kind: "asked", path, grade: "doubt" }]);
  });

  test.each([
    ["Kein TikTok", { risk: "Ohne TikTok fehlt Reichweite; wir verzichten auf TikTok" }],
    ["no discounts", { body: "We never give a discount, and no coupons" }],
    ["Keine Emojis", { body: "Schichtwerk® – klar #1" }],
    ["no ads", { body: "We add a pad of loads" }],
  ])("“%s” lets pass what is denied, or is another word", (words, answer) => {
    expect(find(words, answer)).toEqual([]);
  });
});

describe("days on which nothing happens", () => {
  test.each([
    ["Zwischen 24.12. und 2.1. läuft nichts", [1224, 102]],
    ["No launches between 24 December and 4 January", [1224, 104]],
    ["nothing from December 24 to January 2", [1224, 102]],
    ["Nichts im August", [801, 831]],
    ["no launches in April", [401, 431]],
    ["Rien du 24 décembre au 2 janvier", [1224, 102]],
    ["Nada entre el 24 de diciembre y el 4 de enero", [1224, 104]],
    ["Pause 24.–27. Dezember", [1224, 1227]],
    ["Zwischen dem 24.12. und dem 6.1. geht nichts raus", [1224, 106]],
    ["closed from 24/12 to 2/1", [1224, 102]],
    ["nothing from 12/24 to 1/2", [1224, 102]],
    ["closed 2026-12-24 to 2027-01-02", [1224, 102]],
  ])("%s", (words, [from, to]) => {
    expect(readBlackout(words)).toMatchObject({ from, to });
  });

  test.each([
    "Start between 2 and 5 March",
    "Nicht zwischen 2 und 5 Leuten",
    "No budget in the plan",
    "",
  ])("are not read from “%s”", (words) => {
    expect(readBlackout(words)).toBeNull();
  });

  test("may cross the end of the year", () => {
    const blackout = readBlackout("Zwischen 24.12. und 2.1. läuft nichts");
    const days = ["2026-12-23", "2026-12-24", "2026-12-31", "2027-01-02", "2027-01-03"];
    expect(days.map((day) => blackout && isInBlackout(day, blackout))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test("make a date within them a doubt", () => {
    const dates = [
      { path: "a", date: "2026-12-20" },
      { path: "b", date: "2026-12-27" },
      { path: "c", date: "" },
    ];
    const words = "Kein TikTok. Zwischen 24.12. und 2.1. läuft nichts.";
    expect(unmetWishes(words, { texts: [], dates })).toMatchObject([{ path: "b", grade: "doubt" }]);
  });
});

describe("the name of a competitor in text to be published", () => {
  const competitors = [
    { name: "Vivendi PEP", notes: "" },
    { name: "Excel", notes: "" },
    { name: "Large vending suppliers", notes: "" },
    { name: "a.b", notes: "" },
  ];
  const find = (text: string, words = "") =>
    namedCompetitors(textsOf({ title: "x", body: text }), competitors, words);

  test("is a doubt, unless the request names it", () => {
    expect(find("Besser als Vivendi PEP")).toMatchObject([{ path: "body", grade: "doubt" }]);
    expect(find("Besser als Vivendi PEP", "Vergleich mit Vivendi PEP")).toEqual([]);
  });

  test("is none if it is a tool that everybody names, a description or a part of a word", () => {
    expect(find("Mit der Excel-Liste rechnen Sie")).toEqual([]);
    expect(find("Unlike large vending suppliers")).toEqual([]);
    expect(find("Vivendi PEPs; axb")).toEqual([]);
  });
});
