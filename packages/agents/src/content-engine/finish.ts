/** Finishes content: what was asked for, two different variants, lengths and counts. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import {
  newEvidence,
  textsOf,
  unprovenNumbers,
  unprovenProof,
} from "../marketing/unproven-claims.ts";
import { checkLengths } from "./check-lengths.ts";
import { checkVariants } from "./check-variants.ts";
import { checkVoice } from "./check-voice.ts";
import type { ContentEngineContext } from "./context.ts";
import { fitAssets } from "./fit-assets.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Assets = ContentEngineOutput["assets"];
type Metadata = Assets[number]["metadata"];

export function finishContent(
  output: ContentEngineOutput,
  context: ContentEngineContext,
): Finished<ContentEngineOutput> {
  const words = newSegmenter(context.workspace.language);
  const { value: assets, findings } = fitAssets(output.assets, { context, words });
  const filled = { words, offer: context.offer?.offer_name ?? "", asked: context.asked };
  const summary = summarize(output, assets);
  return {
    output: { assets, content_summary: summary.value },
    findings: [
      ...findings,
      ...checkVariants(assets, context),
      ...assets.flatMap((asset, i) => checkLengths(asset, `assets[${i}]`, filled)),
      ...checkTexts(assets, context),
      ...summary.findings,
    ],
  };
}

/**
 * Published text may only claim what the data contains; notes for designers are not checked. What was
 * published before proves nothing: it may have been a claim, too.
 */
function checkTexts(assets: Assets, context: ContentEngineContext): readonly Finding[] {
  const published = assets.map(({ title, body, metadata }) => ({
    title,
    body,
    metadata: publishedOf(metadata),
  }));
  const texts = textsOf({ assets: published });
  const evidence = newEvidence({ ...context, published: null });
  return [
    ...unprovenProof(texts, evidence),
    ...unprovenNumbers(texts, evidence),
    ...checkVoice(texts, context),
  ];
}

function publishedOf({ cta, preheader, meta_title, meta_description, picture }: Metadata) {
  return { cta, preheader, meta_title, meta_description, picture: { alt_text: picture?.alt_text } };
}

function summarize(
  { content_summary: given }: ContentEngineOutput,
  assets: Assets,
): Fitted<ContentEngineOutput["content_summary"]> {
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
  const message = "Recounted from the assets.";
  return fitted(summary, ...fixedIf(!isSame, "number", "content_summary", message));
}

/** A workspace's language is free text. An invalid language tag falls back to the root locale. */
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
