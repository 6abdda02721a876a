import { describe, expect, test } from "vitest";
import { foreignTexts, wrongAddress } from "./check-language.ts";
import { detectLanguage } from "./detect-language.ts";
import { textsOf } from "./unproven-claims.ts";

const SENTENCES = {
  en: "The rota for next week is almost done when someone writes to the group and wants to swap a shift.",
  de: "Der Plan für die nächste Woche ist fast fertig, dann schreibt jemand in die Gruppe und möchte tauschen.",
  fr: "Le planning de la semaine est presque prêt quand une personne écrit au groupe pour changer de jour.",
  es: "El plan de la semana está casi listo cuando alguien escribe en el grupo y quiere cambiar su turno.",
  it: "Il piano della settimana è quasi pronto quando una persona scrive nel gruppo e vuole cambiare il suo turno.",
  nl: "Het rooster van de week is bijna klaar als iemand in de groep schrijft en van dienst wil ruilen met een collega.",
};

test.each(Object.entries(SENTENCES))("a sentence in %s is known", (language, sentence) => {
  expect(detectLanguage(sentence)).toBe(language);
});

test.each([
  "Monday Box, Tasting Hour, Studio Bag",
  "E-Mail · LinkedIn · Google Ads · Facebook · Webinar · Blog · Landing Page · SEO · CRM · KPI · CTA · ROI",
  "",
  "Wieder am Sonntag geplant?",
])("a text that is too short or has only names is of no language: %s", (text) => {
  expect(detectLanguage(text)).toBeNull();
});

describe("a text in another language than the workspace's", () => {
  const find = (text: unknown, words = "", language = "de-DE") =>
    foreignTexts(textsOf(text), { language, words });

  test("is a doubt at its place", () => {
    expect(find({ parts: [{ body: SENTENCES.de }, { body: SENTENCES.en }] })).toMatchObject([
      { kind: "asked", path: "parts[1].body", fixed: false, grade: "doubt" },
    ]);
  });

  test("is found in many short texts together", () => {
    const titles = SENTENCES.en.match(/(?:\S+ ){1,5}/g);
    expect(find({ titles })).toMatchObject([{ path: "titles" }]);
    expect(find({ titles: SENTENCES.de.match(/(?:\S+ ){1,5}/g) })).toEqual([]);
  });

  test.each([
    "Bitte auf Englisch",
    "Write all of it in English, please",
    "We need this for the office in London and for the people that work with us there",
  ])("is as asked if the request wants or has that language: %s", (words) => {
    expect(find({ body: SENTENCES.en }, words)).toEqual([]);
    expect(find({ body: SENTENCES.fr }, words)).toHaveLength(1);
  });

  test("is not looked for in a workspace of an unknown language", () => {
    expect(find({ body: SENTENCES.en }, "", "fi")).toEqual([]);
  });
});

describe("the form of address that the brand states", () => {
  const find = (text: string, voice: string | null, language = "de") =>
    wrongAddress(textsOf({ text }), [voice, null], language).map(({ message }) => message);

  test.each([
    ["de", "Klar, kollegial; wir siezen", "Plane dein Team, wann du willst"],
    ["de", "Locker, per Du", "So planen Sie Ihr Team: Probieren Sie es aus"],
    ["de", "Wir duzen nicht", "Du planst, wir prüfen für dich"],
    ["fr", "Chaleureux, on tutoie", "Planifiez votre équipe quand vous voulez"],
    ["fr", "Sobre, vouvoiement", "Tu planifies tes journées"],
    ["es", "Cercano, tuteamos", "Usted planifica, y ustedes descansan"],
    ["es", "De usted siempre", "Planifica tu equipo cuando te convenga"],
  ])("in %s, “%s” does not fit “%s”", (language, voice, text) => {
    expect(find(text, voice, language)).toHaveLength(1);
  });

  test.each([
    ["de", "wir siezen", "Planen Sie Ihr Team. Wir prüfen, und Sie haben frei."],
    ["de", "wir siezen", "Hören Sie „Kannst du heute? Und dein Kollege?“ Dann testen Sie es."],
    ["de", "wir siezen", "Per Du mit der Planung: So sehen Sie alles."],
    ["de", "Klar und kollegial", "Plane dein Team, wann du willst"],
    ["de", null, "Plane dein Team, wann du willst"],
    ["fr", "vouvoiement", "Planifiez votre équipe"],
    ["en", "per du", "Plan your team"],
  ])("in %s, “%s” lets “%s” pass", (language, voice, text) => {
    expect(find(text, voice, language)).toEqual([]);
  });
});
