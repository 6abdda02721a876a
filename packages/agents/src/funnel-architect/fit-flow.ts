/**
 * The flow of people: each stage is entered by those who leave the previous one, and the funnel's
 * rate is the product of the stages' rates up to and including the last conversion.
 */
import { doubt, type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { isNearly, readRates } from "../marketing/metrics/rates.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Funnel = FunnelArchitectOutput["funnel"];
type Stages = FunnelArchitectOutput["stages"];
type Stage = Stages[number];

/** Readable numbers are rounded; they may differ from the exact ones by this share. */
const TOLERANCE = 0.02;

export function fitFlow({
  funnel: given,
  stages: givenStages,
}: FunnelArchitectOutput): Fitted<FunnelArchitectOutput> {
  const stages = fitInSteps(givenStages, [renumber, roundVolumes, toFractions, letFlow]);
  const funnel = fitRate(given, stages.value);
  return {
    value: { funnel: funnel.value, stages: stages.value },
    findings: [...stages.findings, ...missingNumbers(stages.value), ...funnel.findings],
  };
}

/** The people who pass all stages up to and including the last conversion; null without one. */
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

function renumber(given: Stages): Fitted<Stages> {
  const stages = given
    .toSorted((a, b) => a.stage_order - b.stage_order)
    .map((stage, index) => ({ ...stage, stage_order: index + 1 }));
  if (stages.every((stage, index) => stage.stage_order === given[index]?.stage_order)) {
    return fitted(given);
  }
  return fitted(stages, fixed("order", "stages", "Put in order and numbered from 1."));
}

function roundVolumes(given: Stages): Fitted<Stages> {
  if (given.every((stage) => Number.isInteger(stage.expected_volume))) return fitted(given);
  return fitted(
    given.map((stage) => ({ ...stage, expected_volume: Math.round(stage.expected_volume) })),
    fixed("number", "stages", "Volumes rounded to whole people."),
  );
}

/** Each rate as the volumes of its stage and the next prove it. */
function toFractions(given: Stages): Fitted<Stages> {
  const rates = given.map((stage) => stage.conversion_rate_target);
  const proven = given.map((stage, i) => passing(stage, given[i + 1]));
  const { fractions, doubtful } = readRates(rates, proven);
  const doubts = doubtful.map((i) =>
    doubt(
      "normalized",
      `stages[${i}].conversion_rate_target`,
      `Other rates are in percent: ${rates[i]} was read as ${toReadable((fractions[i] ?? 0) * 100)} %.`,
    ),
  );
  if (fractions === rates) return fitted(given, ...doubts);
  return fitted(
    given.map((stage, i) => ({
      ...stage,
      conversion_rate_target: fractions[i] ?? stage.conversion_rate_target,
    })),
    ...doubts,
    fixed("number", "stages", "Conversion rates turned from percent into fractions."),
  );
}

/** The share of a stage that enters the next one; null if a volume is missing. */
function passing(stage: Stage, next: Stage | undefined): number | null {
  const entering = next?.expected_volume ?? 0;
  if (entering === 0 || entering > stage.expected_volume) return null;
  return entering / stage.expected_volume;
}

/** The first volume and the rates decide; a missing rate is computed from the volumes. */
function letFlow(given: Stages): Fitted<Stages> {
  return given.reduce<Fitted<Stages>>(({ value, findings }, stage, i) => {
    const next = fitInSteps(stage, [
      (each) => fitVolume(each, value.at(-1)),
      (each) => fillRate(each, given[i + 1]),
    ]);
    return { value: [...value, next.value], findings: [...findings, ...next.findings] };
  }, fitted([]));
}

/** A volume that is far from the rate before it is as likely to be right as that rate. */
function fitVolume(stage: Stage, before: Stage | undefined): Fitted<Stage> {
  const entering = enteringFrom(before);
  const { expected_volume: given } = stage;
  if (entering === null || isNear(given, entering, 1)) return fitted(stage);
  const path = `stages[${stage.stage_order - 1}].expected_volume`;
  if (given === 0 || isNearly(given, entering)) {
    const message = `Set to ${entering}: those who go on from the stage before.`;
    return fitted({ ...stage, expected_volume: entering }, fixed("number", path, message));
  }
  const rate = before?.conversion_rate_target;
  const message = `${given} people enter, but ${rate} of the ${before?.expected_volume} before are ${entering}. Let volumes and rates agree.`;
  return fitted(stage, open("number", path, message));
}

/** Null if the previous volume or rate is missing. A volume of zero in a later stage is a number. */
function enteringFrom(before: Stage | undefined): number | null {
  if (!before || before.conversion_rate_target === 0) return null;
  if (before.stage_order === 1 && before.expected_volume === 0) return null;
  return Math.round(before.expected_volume * before.conversion_rate_target);
}

function fillRate(stage: Stage, next: Stage | undefined): Fitted<Stage> {
  const leaving = next?.expected_volume ?? 0;
  if (stage.conversion_rate_target > 0 || leaving === 0 || leaving > stage.expected_volume) {
    return fitted(stage);
  }
  const path = `stages[${stage.stage_order - 1}].conversion_rate_target`;
  return fitted(
    { ...stage, conversion_rate_target: toReadable(leaving / stage.expected_volume) },
    fixed("number", path, "Computed from the volumes of this stage and the next."),
  );
}

function missingNumbers(stages: Stages): readonly Finding[] {
  return stages.flatMap((stage, i) => [
    ...(stage.conversion_rate_target === 0
      ? [
          open(
            "missing",
            `stages[${i}].conversion_rate_target`,
            "Give the fraction of people who go on from this stage.",
          ),
        ]
      : []),
    ...(i === 0 && stage.expected_volume === 0
      ? [
          open(
            "missing",
            "stages[0].expected_volume",
            "Give the number of people who enter the first stage within 90 days.",
          ),
        ]
      : []),
  ]);
}

function fitRate(given: Funnel, stages: Stages): Fitted<Funnel> {
  const rate = throughConversion(stages)?.rate ?? 0;
  const path = "funnel.expected_conversion_rate";
  if (rate > 0) {
    if (isNear(given.expected_conversion_rate, rate, 0)) return fitted(given);
    return fitted(
      { ...given, expected_conversion_rate: toReadable(rate) },
      fixed("number", path, "Set to the product of the stages' rates up to conversion."),
    );
  }
  if (given.expected_conversion_rate <= 1) return fitted(given);
  return fitted(
    { ...given, expected_conversion_rate: given.expected_conversion_rate / 100 },
    fixed("number", path, "Turned from percent into a fraction."),
  );
}

function isNear(value: number, target: number, units: number): boolean {
  return Math.abs(value - target) <= Math.max(units, target * TOLERANCE);
}

function toReadable(rate: number): number {
  return Number(rate.toPrecision(6));
}
