/**
 * Finishes a turn of the interview: blocks that hold only what was said, under known names, and the
 * progress.
 *
 * A part of a segment is saved as it is, and what is missing is asked for in the next turn. Sent
 * back to the model, it would be completed with inventions.
 */
import type { Finished } from "../agent/define-agent.ts";
import { type Fitted, fitEach, fitInSteps, fitted } from "../agent/fitted.ts";
import { foreignTexts } from "../marketing/check-language.ts";
import { toKey } from "../marketing/fit-names.ts";
import type { BrandIntakeContext } from "./context.ts";
import { fitBrand, fitOffer, fitSegment, leaderOf } from "./fit-blocks.ts";
import { intakeProgress } from "./intake-progress.ts";
import { keepSaid } from "./keep-said.ts";
import { mergeByName, withContent, withoutRemoved } from "./merge-blocks.ts";
import {
  type Brand,
  type BrandIntakeAnswer,
  brandBlock,
  type IntakeProgress,
  type Offer,
  offerBlock,
  type Segment,
  segmentBlock,
} from "./schema.ts";

/** The blocks of a turn, one for each name. */
interface Blocks {
  readonly brand: Brand | null;
  readonly segments: readonly Segment[];
  readonly offers: readonly Offer[];
}

export function finishIntake(
  answer: BrandIntakeAnswer,
  context: BrandIntakeContext,
): Finished<BrandIntakeAnswer & { progress: IntakeProgress }> {
  const { value: blocks, findings } = fitBlocks(blocksOf(answer), context);
  const [icp, ...more_icp] = blocks.segments;
  const [offer, ...more_offer] = blocks.offers;
  const progress = progressAfter(blocks, context);
  return {
    output: {
      message: answer.message,
      ...(blocks.brand && { brand: blocks.brand }),
      ...(icp && { icp }),
      ...(offer && { offer }),
      ...(more_icp.length > 0 && { more_icp }),
      ...(more_offer.length > 0 && { more_offer }),
      progress,
    },
    findings: [...findings, ...foreignProse(answer, context)],
    progress: { percent: progress.percent, done: progress.known },
  };
}

function blocksOf({ brand, icp, offer, more_icp, more_offer }: BrandIntakeAnswer): Blocks {
  const segments = [icp, ...(more_icp ?? [])].filter((one) => one !== undefined);
  const offers = [offer, ...(more_offer ?? [])].filter((one) => one !== undefined);
  return {
    brand: brand ?? null,
    segments: mergeByName(segments, ({ segment_name }) => segment_name),
    offers: mergeByName(offers, ({ offer_name }) => offer_name),
  };
}

function fitBlocks(given: Blocks, context: BrandIntakeContext): Fitted<Blocks> {
  const { said, known, names } = context;
  const primary = leaderOf(given.segments, (one) => one.is_primary, names.segments);
  const flagship = leaderOf(given.offers, (one) => one.is_flagship, names.offers);
  const brand = given.brand
    ? fitInSteps(given.brand, [
        (block) => keepSaid(block, { name: "brand", schema: brandBlock, said }),
        (block) => fitted(withoutRemoved(block, known.brand, brandBlock)),
        fitBrand,
      ])
    : null;
  const segments = fitEach(given.segments, (segment, i) =>
    fitInSteps(segment, [
      (block) => keepSaid(block, { name: "icp", schema: segmentBlock, said }),
      (block) => {
        const row = rowNamed(known.segments, "segment_name", block.segment_name);
        return fitted(withoutRemoved(block, row, segmentBlock));
      },
      (block) => fitSegment(block, context, i === primary),
    ]),
  );
  const offers = fitEach(given.offers, (offer, i) =>
    fitInSteps(offer, [
      (block) => keepSaid(block, { name: "offer", schema: offerBlock, said }),
      (block) => {
        const row = rowNamed(known.offers, "offer_name", block.offer_name);
        return fitted(withoutRemoved(block, row, offerBlock));
      },
      (block) =>
        fitOffer(block, context, {
          segmentsOfTurn: segments.value,
          is_flagship: i === flagship,
        }),
    ]),
  );
  return {
    value: { brand: brand?.value ?? null, segments: segments.value, offers: offers.value },
    findings: [...segments.findings, ...(brand?.findings ?? []), ...offers.findings],
  };
}

/** The owner is answered in the language that they write. */
function foreignProse({ message }: BrandIntakeAnswer, { said, workspace }: BrandIntakeContext) {
  const { language } = workspace;
  return foreignTexts([{ path: "message", text: message }], { language, words: said.words });
}

/** The progress of the current part, with what this turn has added. */
function progressAfter(
  { brand, segments, offers }: Blocks,
  { known, heard, progress }: BrandIntakeContext,
): IntakeProgress {
  const after = {
    brand: brand ? { ...known.brand, ...withContent(brand) } : known.brand,
    segments: laidOver(known.segments, segments, "segment_name"),
    offers: laidOver(known.offers, offers, "offer_name"),
  };
  return intakeProgress(progress.step, after, heard);
}

function laidOver(
  known: readonly object[],
  blocks: readonly object[],
  column: string,
): readonly object[] {
  const laid = blocks.map((block) => {
    const row = rowNamed(known, column, String(valueIn(block, column)));
    return { ...row, ...withContent(block) };
  });
  return [...known, ...laid];
}

function rowNamed(rows: readonly object[], column: string, name: string): object | null {
  return rows.find((row) => toKey(String(valueIn(row, column))) === toKey(name)) ?? null;
}

function valueIn(row: object, column: string): unknown {
  return Object.entries(row).find(([key]) => key === column)?.[1];
}
