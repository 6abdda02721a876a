import { expect, test } from "vitest";
import { sampleIntake } from "../../test/samples/brand-intake.ts";
import { samplePlan } from "../../test/samples/plan-90day.ts";
import { brandIntakeCard } from "../brand-intake/card.ts";
import { plan90DayCard } from "../plan-90day/card.ts";
import { readOutput } from "./read-output.ts";

test("an answer that can be read whole is read whole, without a finding", () => {
  expect(readOutput(brandIntakeCard, sampleIntake)).toEqual({
    kind: "read",
    output: sampleIntake,
    findings: [],
  });
});

test("a block keeps what can be read of it, and the rest is left out with a finding", () => {
  const { icp, ...others } = sampleIntake;
  const answer = { ...others, icp: { ...icp, demographics: "Portugal", priority_score: "very" } };

  expect(readOutput(brandIntakeCard, answer)).toEqual({
    kind: "read",
    output: { ...others, icp: { ...icp, demographics: null, priority_score: null } },
    findings: [
      {
        kind: "shape",
        path: "icp.demographics",
        message: expect.stringMatching(/^Left out/),
        fixed: true,
      },
      {
        kind: "shape",
        path: "icp.priority_score",
        message: expect.stringMatching(/^Left out/),
        fixed: true,
      },
    ],
  });
});

test("a block without a required member is left out, and the prose stays", () => {
  const { message, brand } = sampleIntake;

  expect(readOutput(brandIntakeCard, { message, brand, offer: { offer_type: "gift" } })).toEqual({
    kind: "read",
    output: { message, brand },
    findings: expect.arrayContaining([expect.objectContaining({ path: "offer.offer_name" })]),
  });
});

test("of several segments, only what cannot be read is left out", () => {
  const { message, icp } = sampleIntake;
  const unnamed = { ...icp, segment_name: { text: 7 } };
  const vague = { ...icp, segment_name: "Groups", demographics: "Portugal" };

  expect(
    readOutput(brandIntakeCard, { message, icp, more_icp: [unnamed, vague, icp] }),
  ).toMatchObject({
    kind: "read",
    output: { icp, more_icp: [{ ...vague, demographics: null }, icp] },
    findings: [
      { path: "more_icp[0].segment_name", fixed: true },
      { path: "more_icp[1].demographics", fixed: true },
      { path: "more_icp[0].segment_name", fixed: false },
    ],
  });
});

test("an empty answer of the interview is refused", () => {
  expect(readOutput(brandIntakeCard, { message: "", brand: {} }).kind).toBe("refused");
  expect(readOutput(brandIntakeCard, { brand: sampleIntake.brand }).kind).toBe("refused");
});

test("an answer in JSON is never cut down to what can be read", () => {
  const [first, ...others] = samplePlan.milestones;
  const milestones = [{ ...first, metric: "happiness" }, ...others];

  expect(readOutput(plan90DayCard, { ...samplePlan, milestones })).toMatchObject({
    kind: "refused",
    findings: [{ kind: "shape", path: "milestones[0].metric", fixed: false }],
  });
});
