/** The content's exact side: what was asked for, two variants that differ, lengths, and counts. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixedIf } from "../agent/finding.ts";
import {
  newEvidence,
  textsOf,
  unprovenNumbers,
  unprovenProof,
} from "../marketing/unproven-claims.ts";
import { checkLengths } from "./check-lengths.ts";
import { checkVariants } from "./check-variants.ts";
import type { ContentEngineContext } from "./context.ts";
import { fitAssets } from "./fit-assets.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Assets = ContentEngineOutput["assets"];

export function finishContent(
  output: ContentEngineOutput,
  context: ContentEngineContext,
): Finished<ContentEngineOutput> {
  const words = newSegmenter(context.workspace.language);
  const findings: Finding[] = [];
  const assets = fitAssets(output.assets, { context, words }, findings);
  const filled = { words, offer: context.offer?.offer_name ?? "" };
  findings.push(
    ...checkVariants(assets, context),
    ...assets.flatMap((asset, i) => checkLengths(asset, `assets[${i}]`, filled)),
    ...checkClaims(assets, context),
  );
  const content_summary = summarize(output, assets, findings);
  return { output: { assets, content_summary }, findings };
}

/** What is published is held to what is known; notes for designers are not. */
function checkClaims(assets: Assets, context: ContentEngineContext): readonly Finding[] {
  const published = assets.map(({ title, body, metadata }) => ({
    title,
    body,
    metadata: { cta: metadata.cta },
  }));
  const texts = textsOf({ assets: published });
  const evidence = newEvidence(context);
  return [...unprovenProof(texts, evidence), ...unprovenNumbers(texts, evidence)];
}

function summarize(
  { content_summary: given }: ContentEngineOutput,
  assets: Assets,
  told: Finding[],
): ContentEngineOutput["content_summary"] {
  const summary = {
    ...given,
    total_assets: assets.length,
    channels_covered: distinct(assets.map((asset) => asset.channel)),
    funnel_stages_covered: distinct(assets.map((asset) => asset.funnel_stage)),
  };
  const isSame =
    given.total_assets === summary.total_assets &&
    given.channels_covered.join() === summary.channels_covered.join() &&
    given.funnel_stages_covered.join() === summary.funnel_stages_covered.join();
  told.push(...fixedIf(!isSame, "number", "content_summary", "Counted again from the assets."));
  return summary;
}

/** A workspace's language is free text; what is no language tag is read by the general rules. */
function newSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: "word" });
  } catch {
    return new Intl.Segmenter("und", { granularity: "word" });
  }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
