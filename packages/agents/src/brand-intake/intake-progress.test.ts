import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleIntake } from "../../test/samples/brand-intake.ts";
import { intakeProgress, stepOf } from "./intake-progress.ts";
import { STEPS } from "./schema.ts";

const { brand = null, icp = {}, offer = {} } = sampleIntake;
const all = { brand, segments: [icp], offers: [offer] };
const none = { brand: null, segments: [], offers: [] };

test.each(STEPS)("of %s nothing is known at first, and all of a full block", (step) => {
  expect(intakeProgress(step, none)).toMatchObject({ step, percent: 0, known: [] });
  expect(intakeProgress(step, all)).toMatchObject({ step, percent: 100, missing: [] });
});

test("one or two pains are not enough for a segment", () => {
  const early = { ...icp, pain_points: ["Winter gaps", "Late surprises"] };

  expect(intakeProgress("icp", { ...none, segments: [early] }).missing).toEqual(["pains"]);
});

test("empty texts, lists and objects and a currency alone have no content", () => {
  const empty = {
    offer_name: " ",
    features: [],
    price_range: { min: null, max: null, currency: "EUR" },
  };

  expect(intakeProgress("offers", { ...none, offers: [empty] }).percent).toBe(0);
});

test("a segment of companies needs no interests, and one of people does", () => {
  const companies = { ...icp, psychographics: null };
  const people = { ...companies, job_titles: [], company_size: null, industry_verticals: [] };

  expect(intakeProgress("icp", { ...none, segments: [companies] })).toMatchObject({
    percent: 100,
    missing: [],
  });
  expect(intakeProgress("icp", { ...none, segments: [people] }).missing).toContain(
    "interests and values",
  );
});

test("a topic that was talked about counts, and waits for its block", () => {
  const heard = new Set(["name", "voice"]);
  const known = { ...none, brand: { brand_name: "Kade" } };

  expect(intakeProgress("brand", known, heard)).toMatchObject({
    percent: 25,
    known: ["name", "voice"],
    said: ["voice"],
  });
  expect(intakeProgress("brand", known, heard).missing).not.toContain("voice");
});

test("a brand without looks is complete, and is asked for them", () => {
  const bare = { ...brand, brand_colors: null, website_url: null };

  expect(intakeProgress("brand", { ...none, brand: bare })).toMatchObject({
    percent: 100,
    missing: ["looks"],
  });
});

test("the segment that is known best counts", () => {
  expect(intakeProgress("icp", { ...none, segments: [{}, icp, {}] }).percent).toBe(100);
});

test("a step that is already complete is replaced by the next one", () => {
  expect(stepOf("brand", { ...all, segments: [] })).toBe("icp");
  expect(stepOf("icp", { ...none, brand })).toBe("icp");
  expect(stepOf(undefined, none)).toBe("brand");
  expect(stepOf(undefined, { ...none, brand })).toBe("icp");
  expect(stepOf("brand", all)).toBe("brand");
});

test("any data of the screen has a percentage", () => {
  fc.assert(
    fc.property(fc.constantFrom(...STEPS), fc.array(fc.object()), (step, rows) => {
      const [first = null] = rows;
      const progress = intakeProgress(step, { brand: first, segments: rows, offers: rows });

      expect(progress.percent).toBeGreaterThanOrEqual(0);
      expect(progress.percent).toBeLessThanOrEqual(100);
      expect(new Set([...progress.known, ...progress.missing]).size).toBe(
        progress.known.length + progress.missing.length,
      );
    }),
  );
});
