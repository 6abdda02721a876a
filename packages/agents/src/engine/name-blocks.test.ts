import { expect, test } from "vitest";
import { withCorrected } from "./name-blocks.ts";

const agent = {
  sections: ["message", "brand", "icp", "more_icp"],
  blockMembers: { brand: ["brand_name", "industry"], icp: ["segment_name", "goals"] },
};
const owners = { segment_name: "Owners", goals: ["Rest"] };
const teams = { segment_name: "Teams", goals: ["Pace"] };
const first = { message: "Hi", icp: owners, more_icp: [teams] };

test("a corrected block takes the place of the one of its name", () => {
  const corrected = { ...teams, goals: ["Pace", "Trust"], segment_name: " teams" };

  expect(withCorrected(first, { message: "Sorry", icp: corrected }, agent)).toEqual({
    message: "Hi",
    icp: owners,
    more_icp: [corrected],
  });
});

test("a block without a name is the one that was corrected", () => {
  expect(withCorrected({ icp: { goals: [] } }, { icp: owners }, agent)).toEqual({ icp: owners });
});

test("a block of another name joins those of a kind that may be several, else it replaces", () => {
  expect(withCorrected({ icp: owners }, { icp: teams }, agent)).toEqual({
    icp: owners,
    more_icp: [teams],
  });
  const brands = [{ brand_name: "Kade" }, { brand_name: "Kade Coffee" }] as const;
  expect(withCorrected({ brand: brands[0] }, { brand: brands[1] }, agent)).toEqual({
    brand: brands[1],
  });
});
