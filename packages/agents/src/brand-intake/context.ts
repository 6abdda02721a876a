/**
 * What the interviewer knows already: what the screen has collected, or, for callers that keep
 * nothing themselves, what the workspace has saved.
 */
import type { ContextSource } from "../agent/define-agent.ts";
import {
  excerpt,
  type KnownNames,
  readBrand,
  readOffers,
  readSegments,
} from "../marketing/workspace/foundation.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import { intakeProgress, type Known, stepOf } from "./intake-progress.ts";
import type { BrandIntakeInput, IntakeProgress } from "./schema.ts";

export interface BrandIntakeContext extends Setting {
  /** All that is known, also what the prompt has no room for. */
  readonly known: Known;
  readonly brand: object | null;
  readonly segments: readonly object[];
  readonly offers: readonly object[];
  readonly names: KnownNames;
  readonly leftOut: readonly string[];
  /** Of the part that the conversation is in, before this turn. */
  readonly progress: IntakeProgress;
}

export async function readBrandIntakeContext(
  source: ContextSource,
  input: BrandIntakeInput,
): Promise<BrandIntakeContext> {
  const known = await readKnown(source, input);
  const step = stepOf(input.currentStep, known);
  return {
    ...toSetting(source),
    known,
    brand: known.brand,
    ...excerpt(known.segments, known.offers),
    progress: intakeProgress(step, known),
  };
}

async function readKnown({ db }: ContextSource, input: BrandIntakeInput): Promise<Known> {
  if (input.existingData) {
    const { brand, icp, offers } = input.existingData;
    return { brand: brand ?? null, segments: icp ?? [], offers: offers ?? [] };
  }
  const [brand, segments, offers] = await Promise.all([
    readBrand(db),
    readSegments(db),
    readOffers(db),
  ]);
  return { brand, segments, offers };
}
