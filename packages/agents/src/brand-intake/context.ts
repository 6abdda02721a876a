/**
 * The context of the interview: the data that the screen has collected, or the saved rows of the
 * workspace for callers that send no data.
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
import { heardTopics } from "./heard-topics.ts";
import { intakeProgress, type Known, stepOf } from "./intake-progress.ts";
import { newSaid, type Said } from "./said.ts";
import type { BrandIntakeInput, IntakeProgress } from "./schema.ts";

export interface BrandIntakeContext extends Setting {
  /** Everything that is known, including what does not fit into the prompt. */
  readonly known: Known;
  readonly brand: object | null;
  readonly segments: readonly object[];
  readonly offers: readonly object[];
  readonly names: KnownNames;
  readonly leftOut: readonly string[];
  /** The evidence for what a block may say. */
  readonly said: Said;
  /** Topics of the current part that were talked about. */
  readonly heard: ReadonlySet<string>;
  /** The progress of the current part before this turn. */
  readonly progress: IntakeProgress;
}

export async function readBrandIntakeContext(
  source: ContextSource,
  input: BrandIntakeInput,
): Promise<BrandIntakeContext> {
  const known = await readKnown(source, input);
  const step = stepOf(input.currentStep, known);
  const heard = heardTopics(step, input);
  return {
    ...toSetting(source),
    known,
    brand: known.brand,
    ...excerpt(known.segments, known.offers),
    said: newSaid(input, known, source.workspace),
    heard,
    progress: intakeProgress(step, known, heard),
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
