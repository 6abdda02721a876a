/**
 * What the interviewer knows already: what the screen has collected, or, for callers that keep
 * nothing themselves, what the workspace has saved.
 */
import type { ContextSource } from "../agent.ts";
import { readBrand, readOffers, readSegments } from "../marketing/foundation.ts";
import { type Setting, toSetting } from "../marketing/setting.ts";
import type { BrandIntakeInput } from "./schema.ts";

export interface BrandIntakeContext extends Setting {
  readonly brand: object | null;
  readonly segments: readonly object[];
  readonly offers: readonly object[];
}

export async function readBrandIntakeContext(
  source: ContextSource,
  input: BrandIntakeInput,
): Promise<BrandIntakeContext> {
  const setting = toSetting(source);
  if (input.existingData) {
    const { brand, icp, offers } = input.existingData;
    return { ...setting, brand: brand ?? null, segments: icp ?? [], offers: offers ?? [] };
  }
  const [brand, segments, offers] = await Promise.all([
    readBrand(source.db),
    readSegments(source.db),
    readOffers(source.db),
  ]);
  return { ...setting, brand, segments, offers };
}
