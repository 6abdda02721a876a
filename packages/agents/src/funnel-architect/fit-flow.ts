/**
 * How people flow: each stage is entered by those who went on from the one before, and the rate
 * of the whole is the product of the rates up to and with the last conversion.
 */
import { type Finding, fixed, open } from "../agent/finding.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Funnel = FunnelArchitectOutput["funnel"];
type Stages = FunnelArchitectOutput["stages"];
type Stage = Stages[number];

/** Each step answers the same stages if there is nothing to mend, else new ones and says so. */
type Step = (stages: Stages, told: Finding[]) => Stages;

/** Numbers are rounded to what people like to read: by so much they may differ. */
const TOLERANCE = 0.02;

export function fitFlow(
  { funnel, stages: given }: FunnelArchitectOutput,
  told: Finding[],
): FunnelArchitectOutput {
  const steps: readonly Step[] = [renumber, roundVolumes, toFractions, letFlow];
  const stages = steps.reduce((mended, step) => step(mended, told), given);
  tellMissing(stages, told);
  return { funnel: fitRate(funnel, stages, told), stages };
}

/** Those who go through all stages up to and with the last conversion; null without one. */
export function throughConversion(stages: Stages): { rate: number; buyers: number } | null {
  const last = stages.findLastIndex((stage) => stage.stage_type === "conversion");
  const conversion = stages[last];
  if (!conversion) return null;
  const rate = stages
    .slice(0, last + 1)
    .reduce((product, stage) => product * stage.conversion_rate_target, 1);
  const buyers = Math.round(conversion.expected_volume * conversion.conversion_rate_target);
  return { rate, buyers };
}

function renumber(given: Stages, told: Finding[]): Stages {
  const stages = given
    .toSorted((a, b) => a.stage_order - b.stage_order)
    .map((stage, index) => ({ ...stage, stage_order: index + 1 }));
  if (stages.every((stage, index) => stage.stage_order === given[index]?.stage_order)) return given;
  told.push(fixed("order", "stages", "Put in order and numbered from 1."));
  return stages;
}

function roundVolumes(given: Stages, told: Finding[]): Stages {
  if (given.every((stage) => Number.isInteger(stage.expected_volume))) return given;
  told.push(fixed("number", "stages", "Volumes rounded to whole people."));
  return given.map((stage) => ({ ...stage, expected_volume: Math.round(stage.expected_volume) }));
}

/** No fraction exceeds 1, and one list is written in one way: one percent makes all percents. */
function toFractions(given: Stages, told: Finding[]): Stages {
  if (given.every((stage) => stage.conversion_rate_target <= 1)) return given;
  told.push(fixed("number", "stages", "Conversion rates turned from percent into fractions."));
  return given.map((stage) => ({
    ...stage,
    conversion_rate_target: stage.conversion_rate_target / 100,
  }));
}

/** The first volume and the rates decide; a rate that was left out follows from the volumes. */
function letFlow(given: Stages, told: Finding[]): Stages {
  let before: Stages[number] | undefined;
  return given.map((stage, i) => {
    const entered = fitVolume(stage, before, told);
    before = fillRate(entered, given[i + 1], told);
    return before;
  });
}

function fitVolume(stage: Stage, before: Stage | undefined, told: Finding[]): Stage {
  const entering = enteringFrom(before);
  if (entering === null || isNear(stage.expected_volume, entering, 1)) return stage;
  told.push(
    fixed(
      "number",
      `stages[${stage.stage_order - 1}].expected_volume`,
      `Set to ${entering}: those who go on from the stage before.`,
    ),
  );
  return { ...stage, expected_volume: entering };
}

/** Null where the volume or the rate before was left out; nobody at all is a number, too. */
function enteringFrom(before: Stage | undefined): number | null {
  if (!before || before.conversion_rate_target === 0) return null;
  if (before.stage_order === 1 && before.expected_volume === 0) return null;
  return Math.round(before.expected_volume * before.conversion_rate_target);
}

function fillRate(stage: Stage, next: Stage | undefined, told: Finding[]): Stage {
  const leaving = next?.expected_volume ?? 0;
  if (stage.conversion_rate_target > 0 || leaving === 0 || leaving > stage.expected_volume) {
    return stage;
  }
  told.push(
    fixed(
      "number",
      `stages[${stage.stage_order - 1}].conversion_rate_target`,
      "Taken from the volumes around it.",
    ),
  );
  return { ...stage, conversion_rate_target: toReadable(leaving / stage.expected_volume) };
}

function tellMissing(stages: Stages, told: Finding[]): void {
  stages.forEach((stage, i) => {
    if (stage.conversion_rate_target === 0) {
      told.push(
        open(
          "missing",
          `stages[${i}].conversion_rate_target`,
          "Give the fraction of people who go on from this stage.",
        ),
      );
    }
    if (i === 0 && stage.expected_volume === 0) {
      told.push(
        open(
          "missing",
          "stages[0].expected_volume",
          "Give the number of people who enter the first stage within 90 days.",
        ),
      );
    }
  });
}

function fitRate(given: Funnel, stages: Stages, told: Finding[]): Funnel {
  const rate = throughConversion(stages)?.rate ?? 0;
  const path = "funnel.expected_conversion_rate";
  if (rate > 0) {
    if (isNear(given.expected_conversion_rate, rate, 0)) return given;
    told.push(fixed("number", path, "Set to the product of the stages' rates up to conversion."));
    return { ...given, expected_conversion_rate: toReadable(rate) };
  }
  if (given.expected_conversion_rate <= 1) return given;
  told.push(fixed("number", path, "Turned from percent into a fraction."));
  return { ...given, expected_conversion_rate: given.expected_conversion_rate / 100 };
}

function isNear(value: number, target: number, units: number): boolean {
  return Math.abs(value - target) <= Math.max(units, target * TOLERANCE);
}

function toReadable(rate: number): number {
  return Number(rate.toPrecision(6));
}
