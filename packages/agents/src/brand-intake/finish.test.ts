import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleIntake } from "../../test/samples/brand-intake.ts";
import { intakeArtifacts } from "./artifacts.ts";
import { readBrandIntakeContext } from "./context.ts";
import { finishIntake } from "./finish.ts";
import { inputSchema } from "./schema.ts";

const { message, brand, icp, offer } = sampleIntake;
if (!(brand && icp && offer)) throw new Error("The sample has all blocks.");

/** The data of the screen before anything is known. */
const nothing = { existingData: { brand: null, icp: [], offers: [] } };

async function contextFor(payload: object = nothing) {
  const input = inputSchema.parse(payload);
  return { input, context: await readBrandIntakeContext(sampleSource(), input) };
}

/** The owner has said everything that the sample's blocks hold. */
const told = {
  ...nothing,
  messages: [{ role: "user", content: `harbor.example ${JSON.stringify({ brand, icp, offer })}` }],
};

const { input, context } = await contextFor(told);

test("valid blocks stay unchanged, without a finding", () => {
  const { output, findings } = finishIntake(sampleIntake, context);

  expect(output).toMatchObject(sampleIntake);
  expect(findings).toEqual([]);
});

test("a part of a segment is saved, and what it lacks is still asked for", async () => {
  const early = { ...icp, pain_points: ["Winter gaps"], objections: [] };
  const { context: atSegment } = await contextFor({ ...told, currentStep: "icp" });
  const { output, findings } = finishIntake(
    { message, icp: early },
    { ...atSegment, heard: new Set() },
  );

  expect(output.icp).toMatchObject({ pain_points: ["Winter gaps"] });
  expect(output.progress).toMatchObject({ step: "icp", missing: ["pains", "objections"] });
  expect(findings).toEqual([]);
  expect(intakeArtifacts(output, { input, context, newId: () => "id" })).toHaveLength(1);
});

test("a currency's sign is its code", () => {
  const of = (currency: string) => {
    const price_range = { min: 59, max: 99, currency };
    const dollars = { ...context, workspace: { ...context.workspace, currency: "CAD" } };
    const finished = finishIntake({ message, offer: { ...offer, price_range } }, dollars);
    return finished.output.offer?.price_range?.currency;
  };
  expect(["€", "£", "$", "CHF"].map(of)).toEqual(["EUR", "GBP", "CAD", "CHF"]);
});

test("prose in another language than the owner's is doubted", async () => {
  const german =
    "Das klingt nach einem starken Versprechen, und ich habe es notiert. Wer ruft bei Ihnen an, und was hält die Leute zurück?";
  const asked = (content: string) =>
    contextFor({ ...nothing, messages: [{ role: "user", content }] });
  const english = await asked("We help small hotels to know tomorrow's cash, and they like it.");
  const own = await asked(
    "Wir helfen kleinen Häusern, und sie wissen heute, was sie morgen haben.",
  );
  const findingsOf = (known: typeof english) =>
    finishIntake({ message: german }, known.context).findings.map(({ path, grade }) => [
      path,
      grade,
    ]);

  expect(findingsOf(english)).toEqual([["message", "doubt"]]);
  expect(findingsOf(own)).toEqual([]);
});

test("a segment and an offer that are described again keep their names", async () => {
  const { context: known } = await contextFor({});
  const again = {
    message,
    icp: { ...icp, segment_name: "independent Hotel Owners" },
    offer: {
      ...offer,
      offer_name: "harbor ledger PRO",
      target_segments: ["small hotel groups", "Bakers"],
    },
  };

  const { output, findings } = finishIntake(again, known);

  expect(output.icp?.segment_name).toBe("Independent hotel owners");
  expect(output.offer?.offer_name).toBe("Harbor Ledger Pro");
  expect(output.offer?.target_segments).toEqual(["Small hotel groups"]);
  expect(findings.every(({ kind, fixed }) => kind === "reference" && fixed)).toBe(true);
});

test("the first segment is the primary one and the first offer the flagship", () => {
  const { output } = finishIntake(
    { message, icp: { ...icp, is_primary: false }, offer: { ...offer, is_flagship: false } },
    context,
  );

  expect(output.icp?.is_primary).toBe(true);
  expect(output.offer?.is_flagship).toBe(true);
});

test("addresses are whole or left out, and prices run upwards in a currency", () => {
  const { output } = finishIntake(
    {
      message,
      brand: { ...brand, website_url: "harbor.example", logo_url: "we have none" },
      offer: { ...offer, price_range: { min: 99, max: 59, currency: null } },
    },
    context,
  );

  expect(output.brand).toMatchObject({ website_url: "https://harbor.example", logo_url: null });
  expect(output.offer?.price_range).toEqual({ min: 59, max: 99, currency: "EUR" });
});

test("each block becomes a row of its table, with the columns of that table", () => {
  let made = 0;
  const rows = intakeArtifacts(sampleIntake, { input, context, newId: () => `id-${++made}` });

  expect(rows).toEqual([
    { table: "cmo_brand_profiles", id: "id-1", values: brand, from: ["brand"] },
    { table: "cmo_icp_segments", id: "id-2", values: icp, from: ["icp"] },
    { table: "cmo_offers", id: "id-3", values: offer, from: ["offer"] },
  ]);
  expect(intakeArtifacts({ message }, { input, context, newId: () => "id" })).toEqual([]);
});

test("progress is the share of the step's topics that are known, with those of this turn", async () => {
  const start = await contextFor({ ...nothing, currentStep: "brand" });
  const { progress: before } = finishIntake({ message }, start.context).output;
  const finished = finishIntake(
    { message, brand: { ...brand, industry: null, core_values: [] } },
    start.context,
  );
  const { progress: after } = finished.output;

  expect(before).toMatchObject({ step: "brand", percent: 0, known: [] });
  expect(after).toMatchObject({
    step: "brand",
    percent: 75,
    missing: ["industry", "values", "looks"],
  });
  // Readers receive the same progress.
  expect(finished.progress).toEqual({ percent: after.percent, done: after.known });
});

test("an absent value of a block keeps the known one", async () => {
  const known = await contextFor({
    existingData: { brand: { brand_name: "Harbor", industry: "Hotels" } },
    currentStep: "brand",
  });
  const { progress } = finishIntake(
    { message, brand: { ...brand, industry: null } },
    known.context,
  ).output;

  expect(progress.percent).toBe(100);
});

test("of several segments and offers each is kept, and one of each leads", () => {
  const small = { ...icp, segment_name: "Hotel groups" };
  const again = {
    ...icp,
    segment_name: "hotel groups",
    company_size: "40 people",
    is_primary: false,
  };
  const addOn = { ...offer, offer_name: "Harbor Ledger Lite", target_segments: ["Hotel groups"] };
  const finished = finishIntake(
    { message, icp, more_icp: [small, again], offer, more_offer: [addOn] },
    context,
  ).output;

  expect(finished).toMatchObject({
    icp: { is_primary: true },
    more_icp: [{ segment_name: "hotel groups", is_primary: false }],
    offer: { is_flagship: true },
    more_offer: [{ is_flagship: false, target_segments: ["hotel groups"] }],
  });
  expect(finished.more_icp).toHaveLength(1);
  const rows = intakeArtifacts(finished, { input, context, newId: () => "id" });
  expect(rows.map(({ table }) => table)).toEqual([
    "cmo_icp_segments",
    "cmo_icp_segments",
    "cmo_offers",
    "cmo_offers",
  ]);
});

test("an offer on sale is saved as active", () => {
  const output = finishIntake({ message, offer }, context).output;
  const [row] = intakeArtifacts(output, { input, context, newId: () => "id" });

  expect(row?.values).toMatchObject({ status: "active" });
});

test("a list loses the entries that the owner took back, and keeps the others", async () => {
  const competitors = [
    { name: "Spreadsheets", notes: "Free" },
    { name: "Planday", notes: "" },
  ];
  const known = { brand: { ...brand, competitors }, icp: [], offers: [] };
  const { context: after } = await contextFor({ existingData: known });
  const block = { ...brand, competitors: [], remove: ["planday", "clarity"] };

  const { output } = finishIntake({ message, brand: block }, after);

  expect(output.brand).toMatchObject({ core_values: [], competitors: [competitors[0]] });
  expect(output.brand).not.toHaveProperty("remove");
});
