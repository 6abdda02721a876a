/** The content's exact side: words and minutes of each text, and what the whole covers. */
import type { Finished } from "../agent.ts";
import { fixedIf } from "../marketing/findings.ts";
import type { ContentEngineContext } from "./context.ts";
import type { ContentEngineOutput } from "./schema.ts";

/** What an adult reads without hurry. */
const WORDS_PER_MINUTE = 200;

export function finishContent(
  output: ContentEngineOutput,
  context: ContentEngineContext,
): Finished<ContentEngineOutput> {
  const words = newSegmenter(context.workspace.language);
  const assets = output.assets.map((asset) => {
    const word_count = countWords(words, asset.body);
    const reading_time = `${Math.max(1, Math.ceil(word_count / WORDS_PER_MINUTE))} min`;
    return { ...asset, metadata: { ...asset.metadata, word_count, reading_time } };
  });
  const summary = {
    ...output.content_summary,
    total_assets: assets.length,
    channels_covered: distinct(assets.map((asset) => asset.channel)),
    funnel_stages_covered: distinct(assets.map((asset) => asset.funnel_stage)),
  };
  const given = output.content_summary;
  return {
    output: { assets, content_summary: summary },
    findings: [
      ...fixedIf(
        given.total_assets !== summary.total_assets ||
          given.channels_covered.join() !== summary.channels_covered.join() ||
          given.funnel_stages_covered.join() !== summary.funnel_stages_covered.join(),
        "number",
        "content_summary",
        "Counted again from the assets.",
      ),
    ],
  };
}

/** A workspace's language is free text; what is no language tag is read by the general rules. */
function newSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: "word" });
  } catch {
    return new Intl.Segmenter("und", { granularity: "word" });
  }
}

/** By the rules of the language: not every one puts spaces between its words. */
function countWords(segmenter: Intl.Segmenter, text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1;
  return count;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
