import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { toPlainText, toPlainTexts } from "./plain-text.ts";

const [a] = sampleContent.assets;
if (!a) throw new Error("The sample has assets.");

describe("marks of Markdown are taken off, and no word with them", () => {
  test.each([
    ["**Two days** early", "Two days early"],
    ["*Two* days, __early__ and _calm_.", "Two days, early and calm."],
    ["***Now***, **a *very* good** day", "Now, a very good day"],
    ["## Three reasons\n# One", "Three reasons\nOne"],
    ["[Read the guide]({{cta_url}})", "Read the guide: {{cta_url}}"],
    ["**[Begin today!]({{cta_url}})**", "Begin today! {{cta_url}}"],
    ["[https://x.example/a](https://x.example/a)", "https://x.example/a"],
    ["**Headline 1:** Calm books", "Headline 1: Calm books"],
  ])("%s", (marked, plain) => {
    expect(toPlainText(marked)).toBe(plain);
  });

  test.each([
    "Kund*innen und Gäst*innen sind da",
    "Ab 9 €* im Monat. *zzgl. Versand",
    "2 * 3 * 4 and 2*3*4",
    "#cash_flow_tips for {{first_name}} and {{company}}: {{cta_url}}",
    "https://x.example/_a_/b_c_d?e=*f*",
    "[customer quotation on set-up time]",
    "#1 in Lisbon, # 1 in Porto",
    "- one\n- two\n* three",
    "I ____ bookkeeping",
  ])("and nothing off %s", (text) => {
    expect(toPlainText(text)).toBe(text);
  });

  test("whatever a text consists of: all its letters stay, and a second reading changes nothing", () => {
    const pieces = fc.constantFrom("*", "**", "_", "#", "# ", "[", "](", ")", "a", "b ", " ", "\n");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 24 }), (parts) => {
        const text = parts.join("");
        const plain = toPlainText(text);

        expect(plain.match(/[ab]/g) ?? []).toEqual(text.match(/[ab]/g) ?? []);
        expect(toPlainText(plain)).toBe(plain);
      }),
    );
  });
});

describe("by channel", () => {
  const body = "**One hour** a week";
  const bodyOn = (channel: string) => toPlainTexts([{ ...a, channel, body }]);

  test.each(["linkedin", "facebook", "instagram", "twitter", "google_ads", "video_script"])(
    "%s has plain texts",
    (channel) => {
      const { value, findings } = bodyOn(channel);

      expect(value[0]?.body).toBe("One hour a week");
      expect(findings).toMatchObject([{ kind: "normalized", fixed: true }]);
    },
  );

  test.each(["email", "blog", "landing_page", "WhatsApp"])("%s may have marks", (channel) => {
    expect(bodyOn(channel)).toMatchObject({ value: [{ body }], findings: [] });
  });

  test("a subject line has none", () => {
    expect(toPlainTexts([{ ...a, title: "**One hour**" }]).value[0]?.title).toBe("One hour");
  });

  test("a table on a channel that shows its marks is doubted", () => {
    const table = { ...a, channel: "linkedin", body: "Prices\n| a | b |\n|---|---|" };

    expect(toPlainTexts([table])).toMatchObject({
      value: [table],
      findings: [{ grade: "doubt", path: "assets[0].body" }],
    });
  });
});
