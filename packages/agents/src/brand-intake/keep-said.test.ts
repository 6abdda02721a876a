/** A block holds what was said; a turn is finished as the worker does it. */
import { describe, expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleIntake } from "../../test/samples/brand-intake.ts";
import { readBrandIntakeContext } from "./context.ts";
import { finishIntake } from "./finish.ts";
import { type BrandIntakeAnswer, inputSchema } from "./schema.ts";

type Messages = readonly { readonly role: "user" | "assistant"; readonly content: string }[];
type Brand = NonNullable<BrandIntakeAnswer["brand"]>;
type Segment = NonNullable<BrandIntakeAnswer["icp"]>;
type Offer = NonNullable<BrandIntakeAnswer["offer"]>;

const { brand, icp, offer } = sampleIntake;
if (!(brand && icp && offer)) throw new Error("The sample has all blocks.");

async function finish(
  messages: Messages | string,
  blocks: { brand?: Partial<Brand>; icp?: Partial<Segment>; offer?: Partial<Offer> },
  existingData: object = { brand: null, icp: [], offers: [] },
) {
  const spoken = typeof messages === "string" ? [{ role: "user", content: messages }] : messages;
  const input = inputSchema.parse({ messages: spoken, existingData });
  const context = await readBrandIntakeContext(sampleSource(), input);
  const answer = {
    message: "Noted.",
    ...(blocks.brand && { brand: { ...emptyBrand, ...blocks.brand } }),
    ...(blocks.icp && { icp: { ...emptySegment, ...blocks.icp } }),
    ...(blocks.offer && { offer: { ...emptyOffer, ...blocks.offer } }),
  };
  const { output, findings } = finishIntake(answer, context);
  const leftOut = findings.filter(({ kind }) => kind === "claim");
  return { ...output, findings: leftOut, paths: leftOut.map(({ path }) => path) };
}

const emptyBrand: Brand = {
  ...brand,
  tagline: null,
  mission_statement: null,
  brand_colors: null,
  website_url: null,
  competitors: [],
  unique_value_proposition: null,
  key_differentiators: [],
  messaging_pillars: [],
};
const emptySegment: Segment = {
  ...icp,
  segment_description: null,
  demographics: null,
  company_size: null,
  budget_range: null,
};
const emptyOffer: Offer = { ...offer, description: null, price_range: null, key_benefits: [] };

test("what three sentences of an owner do not hold is left out, told and asked for", async () => {
  const messages: Messages = [
    {
      role: "user",
      content: "Hi, we're Rotaly. Rota software for independent care homes, from Leeds.",
    },
    { role: "assistant", content: "Lovely! What do you promise that nobody else does?" },
    {
      role: "user",
      content:
        "A month's rota in one sitting, weekends shared fairly. We're friendly. Website later.",
    },
  ];
  const made = await finish(messages, {
    brand: {
      brand_name: "Rotaly",
      brand_colors: { primary: "#2A9D8F", secondary: "#264653", accent: null },
      brand_fonts: { heading: "Poppins", body: null },
      logo_url: "https://rotaly.com/logo.png",
      website_url: "https://rotaly.com",
      competitors: [{ name: "Planday", notes: "Expensive" }],
      unique_value_proposition:
        "A month's rota in one sitting. Trusted by over 500 care homes and rated 4.9 stars.",
      key_differentiators: ["Weekends shared fairly", "Cuts agency spend by 23%", "Award-winning"],
    },
  });

  expect(made.brand).toMatchObject({
    brand_name: "Rotaly",
    brand_colors: { primary: null, secondary: null, accent: null },
    brand_fonts: { heading: null },
    logo_url: null,
    website_url: null,
    competitors: [],
    unique_value_proposition: "A month's rota in one sitting.",
    key_differentiators: ["Weekends shared fairly"],
  });
  expect(made.paths).toEqual([
    "brand.brand_colors.primary",
    "brand.brand_colors.secondary",
    "brand.brand_fonts.heading",
    "brand.logo_url",
    "brand.website_url",
    "brand.competitors[0].name",
    "brand.unique_value_proposition",
    "brand.key_differentiators[1]",
    "brand.key_differentiators[2]",
  ]);
  expect(made.findings.every(({ kind, grade }) => kind === "claim" && grade === "doubt")).toBe(
    true,
  );
  expect(made.progress.missing).toContain("looks");
});

describe("what was said stays, in whatever form", () => {
  test.each<[string, string, Partial<Brand>]>([
    [
      "an address",
      "Website ist www.tischlerei-brandt.example",
      { website_url: "https://tischlerei-brandt.example" },
    ],
    ["an address with more", "It is https://kade.example/shop", { website_url: "kade.example" }],
    [
      "a colour in short",
      "Our green is #2a9",
      { brand_colors: { primary: "#22AA99", secondary: null, accent: null } },
    ],
    [
      "a colour by name",
      "Dunkelgrün, immer",
      { brand_colors: { primary: "dunkelgrün", secondary: null, accent: null } },
    ],
    [
      "a competitor",
      "Gegner sind Küchenstudios und IKEA",
      {
        competitors: [
          { name: "IKEA", notes: "" },
          { name: "Küchenstudios", notes: "" },
        ],
      },
    ],
    [
      "a competitor's short name",
      "Wir sind nicht Vivendis",
      { competitors: [{ name: "Vivendi PEP", notes: "" }] },
    ],
    [
      "a number in words",
      "In zwanzig Minuten, statt fünfundvierzig",
      { key_differentiators: ["20 Minuten statt 45"] },
    ],
    [
      "a French number",
      "En quatre-vingt-dix jours, à soixante-dix",
      { key_differentiators: ["90 jours", "70"] },
    ],
    [
      "a Spanish number",
      "Treinta y cinco años, veinticinco personas",
      { key_differentiators: ["35 años", "25 personas"] },
    ],
    [
      "proof",
      "We won, so award-winning. Trusted by over 500 care homes!",
      { key_differentiators: ["Award-winning", "Trusted by over 500 care homes"] },
    ],
    [
      "a word with a digit",
      "We sell to firms",
      { messaging_pillars: ["B2B, 24/7, one thing, 100 % care"] },
    ],
  ])("%s", async (_what, said, block) => {
    const made = await finish(said, { brand: block });
    expect(made.paths).toEqual([]);
    expect(made.brand).toMatchObject({
      ...block,
      ...(block.website_url && { website_url: expect.stringContaining("https://") }),
    });
  });

  test("prices, budgets in thousands and the ends of a range", async () => {
    const made = await finish(
      "Paare ab 50. Budget 15 bis 30 Tausend. Kostet 4,90 bis 6,90 im Monat.",
      {
        icp: {
          demographics: { age_range: "50–65", location: "Münster", income_level: null },
          budget_range: { min: 15_000, max: 30_000, currency: "EUR" },
        },
        offer: { price_range: { min: 4.9, max: 6.9, currency: "EUR" } },
      },
    );

    expect(made.paths).toEqual([]);
    expect(made.icp).toMatchObject({ budget_range: { min: 15_000, max: 30_000 } });
    expect(made.offer).toMatchObject({ price_range: { min: 4.9, max: 6.9 } });
  });

  test("and what is known already", async () => {
    const known = { brand: { ...brand, tagline: "Since 1998" }, icp: [], offers: [] };
    const made = await finish("Hello", { brand: { ...brand, tagline: "Since 1998" } }, known);

    expect(made.paths).toEqual([]);
    expect(made.brand).toMatchObject(
      brand.brand_colors ? { brand_colors: brand.brand_colors } : {},
    );
  });
});

test("proof in other words was said, and a quotation only word for word", async () => {
  const said = "Over 500 care homes trust us, and we won an award. Tom says it is easy.";
  const block = {
    key_differentiators: [
      "Trusted by over 500 care homes",
      "Award-winning",
      "Rated 4.9 of 5",
      "Loved by thousands of care homes",
    ],
    messaging_pillars: ["“It changed all of our evenings” — Tom Baker"],
    competitors: [
      { name: "Manual planning", notes: "" },
      { name: "Planday", notes: "" },
    ],
  };
  const made = await finish(said, { brand: block });

  expect(made.brand).toMatchObject({
    key_differentiators: ["Trusted by over 500 care homes", "Award-winning"],
    messaging_pillars: [],
    competitors: [{ name: "Manual planning" }],
  });
});

test("a price that nobody named is left out, and the other end stays", async () => {
  const made = await finish("It costs 59 euros.", {
    offer: { price_range: { min: 59, max: 99, currency: "EUR" } },
  });

  expect(made.offer?.price_range).toEqual({ min: 59, max: null, currency: "EUR" });
  expect(made.paths).toEqual(["offer.price_range.max"]);
});

test("a suggestion counts once the owner has not refused it", async () => {
  const suggest = (answer: string): Messages => [
    { role: "assistant", content: "How about #0F4C5C, a deep sea green?" },
    { role: "user", content: answer },
  ];
  const block = { brand: { brand_colors: { primary: "#0f4c5c", secondary: null, accent: null } } };

  expect((await finish(suggest("Yes, lovely"), block)).paths).toEqual([]);
  expect((await finish(suggest("Nein, lieber rot"), block)).paths).toEqual([
    "brand.brand_colors.primary",
  ]);
});
