import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newEvidence, textsOf, unprovenNumbers, unprovenProof } from "./unproven-claims.ts";

const NOTHING = newEvidence();

const proofOf = (text: string, ...given: unknown[]) =>
  unprovenProof(textsOf({ text }), newEvidence(...given));
const numbersOf = (text: string, ...given: unknown[]) =>
  unprovenNumbers(textsOf({ text }), newEvidence(...given));

describe("unproven claims are found", () => {
  test.each([
    "Trusted by more than 500 hotels in Portugal",
    "Loved by thousands of owners",
    "Join 12,000 happy owners today",
    "2,400+ customers sleep better",
    "The award-winning app for small hotels",
    "As seen in The Times",
    "We are the #1 tool for hosts",
    "Rated 4.9 out of 5",
    "4,8/5 on the app store",
    "★★★★★ Everybody likes it",
    "Guaranteed results in 30 days",
    "Die preisgekrönte Bäckerei",
    "Über 3.000 zufriedene Kunden",
    "Plus de 300 clients nous suivent",
    "“It changed how we plan our whole winter season” — Maria Lopes, Hotel Sol",
    '"I sleep better since we began to use it" says Jonas Keller',
    "„Die Planung dauert jetzt nur noch Minuten“ – Sabine M., Pflegedienst Sonnenschein",
    "« Nous dormons mieux depuis un an déjà\u202f» — Claire Dupont, Lyon",
    "«Dormimos mejor desde que lo usamos» — Ana García",
    "「毎 朝 が 楽 に なり ました」 — Ken",
    '"Planning finally takes minutes" — Sabine M., Pflegedienst Sonnenschein',
    "Ask any of our 3,500 happy owners",
    "Join over 300 offices",
    "Over a thousand care homes can't be wrong",
    "Voted best bakery in Leeds",
    "Backed by a Harvard study",
    "We're the UK's leading rota software",
    "100+ five-star reviews",
    "9 out of 10 dentists like it",
    "92 percent of users would recommend us",
    "Featured in Forbes and Wired",
    "Auf Platz 1 im Vergleich",
    "Von Experten empfohlen",
    "Tausendfach bewährt",
    "„Endlich Ruhe“, sagt Martina Vogel aus Münster",
    "Mit dem Innovationspreis 2025 ausgezeichnet",
    "Die beliebteste Seife im Land",
    "Recommandé par les dermatologues",
    "« Enfin une peau apaisée » — Julie, Nantes",
    "Une étude de l'INSERM confirme les bienfaits",
    "La savonnerie préférée des familles",
    "Vu dans Elle",
    "Recomendado por nutricionistas",
    "El aceite más vendido de la región",
    "Valorado con 4,8 sobre 5",
    "Un estudio de la Universidad de Jaén lo confirma",
    "Over 400 care homes trust us",
    "Studies show that rest pays",
    "A recent study by experts found that rest pays",
    "Our customers love it",
    "Winner of the Best Coffee Award",
    "Our Best Outdoor Sauna 2025 award",
    "Mit Goldmedaille",
    "Médaille d'or du salon bio",
    "Nuestro aceite ganó la medalla de oro",
    "Über 500 Pflegedienste vertrauen uns",
    "Mehr als 80 Betriebe planen mit uns",
    "Tausende Betriebe sparen Zeit",
    "Laut einer aktuellen Studie sparen Teams Zeit",
    "Studien zeigen: Ruhe wirkt",
    "Ausgezeichnet mit dem Gründerpreis",
    "Unsere Kunden lieben es",
    "4,9 von 5 Sternen",
    "Déjà 300 entreprises nous font confiance",
    "Des milliers de clients",
    "Selon une étude récente, le repos paie",
    "Les études montrent que le repos paie",
    "Primé par les experts",
    "Ya 300 empresas confían en nosotros",
    "Miles de clientes duermen mejor",
    "Según un estudio reciente, descansar ayuda",
    "Los estudios demuestran que descansar ayuda",
    "Galardonada con el premio nacional",
  ])("%s", (text) => {
    expect(proofOf(text)).toMatchObject([{ kind: "claim", path: "text", fixed: false }]);
  });
});

describe("an honest sentence is no claim", () => {
  test.each([
    "Become a brand that is trusted by hotel owners",
    "Reach 150 customers by the end of May",
    "E-mail #1 of the welcome series",
    "Independent owners of four-star hotels",
    "Collect three testimonials and publish the best one",
    "“Know before you owe” – the campaign of the winter",
    "“[What a customer said, once there is a quotation]” — [Name]",
    "Use the bookkeeper's year-end as the trigger",
    "Ask for a rating of 1 to 5 after the first week",
    "Win an award for the guide",
    "The second of the 3 x 20 minutes",
    "Join the webinar on 12 March",
    "Join 20 office managers for a tasting",
    "„Mein Team kann wirklich gar keine App bedienen.“ – Muss es auch nicht.",
    "# „Wer kann heute früh um fünf einspringen?“ – Die Antwort in Sekunden",
    "„Das ist uns im Moment leider zu teuer“ – Kein Problem",
    "“We have no time for another tool right now” – Exactly",
    "« On n’a pas le temps de changer d’outil » – Alors parlons-en.",
    "[Hier ein Zitat einsetzen: „Seit wir damit planen, ist alles leichter“ – Name, Firma]",
    "“Nobody ever tells me who is on tonight” – Planning begins with one list",
    "Goal: reach over a thousand homes and more than 300 families",
    "Atteindre plus de 300 clients d'ici mars",
    "Ask 5 customers for a quotation",
    "Fragen, die wir oft hören",
    "Die meisten Pflegedienstleitungen kennen diesen Abend",
    "Wir machen eine Studie mit zehn Betrieben",
    "Interview with an award jury",
    "Gewinnen Sie mehr als 40 Kunden im Februar",
  ])("%s", (text) => {
    expect(proofOf(text)).toEqual([]);
  });
});

test("content of the data may be repeated", () => {
  const brand = { tagline: "The Award-Winning bakery", quote: "It simply works for all of us" };

  expect(proofOf("Our award-winning bread", brand)).toEqual([]);
  expect(proofOf("“It simply works for all of us” — Ana", brand)).toEqual([]);
  expect(proofOf("“The oven that never sleeps at night” — Harbor", { name: "Harbor" })).toEqual([]);
});

test.each([
  ["Save 37 % of your time", "37 %"],
  ["Nur 49 € im Monat", "49 €"],
  ["For $1,299 a year", "$1,299"],
  ["Plan 3x faster", "3x"],
])("in copy, %s needs a number that the data holds", (text, claim) => {
  expect(numbersOf(text)).toMatchObject([{ kind: "claim", path: "text", fixed: false }]);
  expect(numbersOf(text)[0]?.message).toContain(claim);
});

test("in copy, numbers of the data and numbers without a unit pass", () => {
  const offer = { price_range: { min: 59, max: 1299 }, rate: 0.04 };

  expect(numbersOf("From 59 € to €1.299", offer)).toEqual([]);
  expect(numbersOf("4 % of visitors", offer)).toEqual([]);
  expect(numbersOf("Three steps, 20 minutes, by 12 March 2026")).toEqual([]);
  expect(numbersOf("100 % yours, for 0 €")).toEqual([]);
});

test("all claims of a text are named in one doubt", () => {
  const [proof, ...others] = proofOf("Award-winning. Trusted by 500 hotels. Rated 4.9 out of 5.");
  const [number] = numbersOf("Save 37 %, from 49 € a month");

  expect(others).toEqual([]);
  expect(proof).toMatchObject({ fixed: false, grade: "doubt" });
  expect(proof?.message).toMatch(/Award-winning.*Trusted by 500 hotels.*Rated 4\.9/);
  expect(number?.message).toMatch(/37 %.*49 €/);
});

test.each([
  "30-day money-back guarantee",
  "Jetzt mit Rabatt",
  "Mit Geld-zurück-Garantie",
  "Satisfait ou remboursé",
  "Avec une remise de printemps",
  "Con garantía y descuentos",
])("in copy, a discount or a guarantee needs the data: %s", (text) => {
  expect(numbersOf(text)).toMatchObject([{ kind: "claim", path: "text", grade: "doubt" }]);
  expect(numbersOf(text, { terms: `We offer: ${text}` })).toEqual([]);
});

test.each(["Without any discount", "Keine Rabatte, nie", "Sans garantie", "Sin descuentos"])(
  "what is denied is not promised: %s",
  (text) => {
    expect(numbersOf(text)).toEqual([]);
  },
);

test("a price of the data times a number of the text is a price", () => {
  const offer = { price_range: { min: 4.9, max: 6.9 } };

  expect(numbersOf("Ein Dienst mit 30 Mitarbeitenden zahlt ab 147 €", offer)).toEqual([]);
  expect(numbersOf("Ein Dienst mit 30 Mitarbeitenden zahlt ab 149 €", offer)).toHaveLength(1);
});

test.each([
  "5-year warranty, as 2,300 customers already know",
  "Schon 1.800 Betriebe rechnen so ab",
  "Plus de 8 000 familles nous font déjà confiance",
  "como ya hacen más de 12.000 hogares",
])("in copy, a number of customers needs the data: %s", (text) => {
  const [number = ""] = /\d[\d., ]*\d{3}/.exec(text) ?? [];

  const sizes = { sizes: "5, 8, 12 and 1" };
  expect([...proofOf(text, sizes), ...numbersOf(text, sizes)]).toMatchObject([{ kind: "claim" }]);
  expect(numbersOf(text, { customers: Number(number.replace(/\D/g, "")) })).toEqual([]);
});

test("a plan may count the customers that it wants, and copy the people that it invites", () => {
  expect(proofOf("Win 60 new offices and 2,300 customers")).toEqual([]);
  expect(numbersOf("Join 12 other builders. For teams of 15 to 80 people")).toEqual([]);
});

test.each(["Over 60,000 growers plant with it", "5.000 Downloads in einer Woche", "10 000 savons"])(
  "in copy, a large number needs the data: %s",
  (text) => {
    expect(numbersOf(text)).toHaveLength(1);
    expect(numbersOf(`${text} since 1998`, { all: "60,000; 5.000; 10 000" })).toEqual([]);
  },
);

test("a percentage is proven by a percentage, not by a number of something else", () => {
  expect(numbersOf("80 % weniger Aufwand", { size: "15–80 Leute", score: 80 })).toHaveLength(1);
  expect(numbersOf("80 % weniger Aufwand", { fact: "spart 80 %" })).toEqual([]);
  expect(numbersOf("80 % weniger Aufwand", { open_rate: 80 })).toEqual([]);
});

test("a request that rules discounts out proves none", () => {
  expect(numbersOf("Jetzt mit Rabatt", { words: "Keine Rabatte" })).toHaveLength(1);
});

test("a text says where it stands", () => {
  const [finding] = unprovenProof(textsOf({ parts: [{ title: "Award-winning" }] }), NOTHING);

  expect(finding?.path).toBe("parts[0].title");
});

describe("a text of any form is read in time that grows with its length", () => {
  /** Ten times what an idle machine needs; a quadratic pattern needs many seconds. */
  const MOST_MS = 1_000;
  const LENGTH = 200_000;

  test.each(["1", "1 ", "1.1,", '"', '" a ', "“a b c d e f ", "—A ", "join 5 a", " ", "★★ "])(
    "%j repeated",
    (piece) => {
      const text = piece.repeat(LENGTH / piece.length);
      const startedAt = performance.now();

      proofOf(text, { text });
      numbersOf(text, { text });

      expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
    },
  );
});

test("a claim after a proven one of the same kind is found", () => {
  const found = proofOf("Our award-winning bread. Trusted by 20 cafés; trusted by 900 hotels.", {
    text: "award-winning, trusted by 20 cafés",
  });

  expect(found).toMatchObject([{ message: expect.stringContaining("900 hotels") }]);
});

test("content of the data is never a claim, and any text can be read", () => {
  const word = fc.constantFrom(
    "Trusted by",
    "500",
    "1,200",
    "€",
    "%",
    "#1",
    "“",
    "”",
    "— Ana",
    "4.9/5",
  );
  const words = fc
    .array(fc.oneof(word, fc.string()), { maxLength: 12 })
    .map((all) => all.join(" "));

  fc.assert(
    fc.property(words, (text) => {
      expect(proofOf(text, { text })).toEqual([]);
      expect(numbersOf(text, { text })).toEqual([]);
      proofOf(text);
      numbersOf(text);
    }),
  );
});

test("an answer far longer than any is checked at its beginning only", () => {
  const claims = (before: number) => {
    const texts = [
      { path: "body", text: "x".repeat(before) },
      { path: "end", text: "Rated 4.9 out of 5 by 80% of buyers." },
    ];
    const evidence = newEvidence({});
    return [...unprovenProof(texts, evidence), ...unprovenNumbers(texts, evidence)].length;
  };
  expect([claims(1_000), claims(128 * 1024)]).toEqual([2, 0]);
});
