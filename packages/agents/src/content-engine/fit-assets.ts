/** Each text as it was asked for: its channel, its stage, its reader, its links, its counts. */
import { type Finding, fixed, fixedIf, open } from "../agent/finding.ts";
import { toKey } from "../marketing/fit-names.ts";
import { toFractions } from "../marketing/metrics/rates.ts";
import type { ContentEngineContext } from "./context.ts";
import { countWords } from "./measure-text.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];
type Assets = readonly Asset[];

interface Tools {
  readonly context: ContentEngineContext;
  readonly words: Intl.Segmenter;
}

/** What an adult reads without hurry. */
const WORDS_PER_MINUTE = 200;
/** What a link in a text may look like before its end. */
const LINK = /https?:\/\/[^\s)\]>"'“”]+/gi;

export function fitAssets(given: Assets, { context, words }: Tools, told: Finding[]): Asset[] {
  const asked = dropUnasked(given, context, told);
  const placed = numberAnew(asked, told).map((asset) => placeAsset(asset, context));
  tellPlaced(asked, placed, told);
  const linked = placed.map((asset) => withRealLinks(asset, context));
  told.push(
    ...fixedIf(
      linked.some((asset, i) => asset !== placed[i]),
      "claim",
      "assets",
      "Links that nobody gave were replaced by {{cta_url}}.",
    ),
  );
  return fitPredictions(linked, told).map((asset) => withCounts(asset, words));
}

/** Only where every channel is known by its word can another be said not to be asked for. */
function dropUnasked(given: Assets, { asked }: ContentEngineContext, told: Finding[]): Assets {
  const { channels, otherChannels } = asked;
  if (channels === null || channels.length === 0 || otherChannels.length > 0) return given;
  const kept = given.filter(({ channel }) => channels.includes(channel));
  if (kept.length === given.length) return given;
  if (kept.length === 0) {
    told.push(open("asked", "assets", `Write for these channels only: ${channels.join(", ")}.`));
    return given;
  }
  told.push(fixed("asked", "assets", "Texts for channels that nobody asked for were left out."));
  return kept;
}

/** Nothing refers to these ids, so those that are taken are replaced. */
function numberAnew(given: Assets, told: Finding[]): Assets {
  const taken = new Set(given.map(({ asset_id }) => asset_id));
  const seen = new Set<string>();
  return given.map((asset) => {
    const id = asset.asset_id;
    if (!seen.has(id)) {
      seen.add(id);
      return asset;
    }
    const base = `${asset.channel}-${asset.variant.toLowerCase()}`;
    let number = 2;
    while (taken.has(`${base}-${number}`)) number += 1;
    const asset_id = `${base}-${number}`;
    taken.add(asset_id);
    told.push(fixed("duplicate", "assets", `A second ${id} is now ${asset_id}.`));
    return { ...asset, asset_id };
  });
}

/** For the stage that was asked for, and for the one segment and the one offer there are. */
function placeAsset(asset: Asset, { asked, segment, offer }: ContentEngineContext): Asset {
  const { metadata } = asset;
  return {
    ...asset,
    funnel_stage: asked.stage ?? asset.funnel_stage,
    metadata: {
      ...metadata,
      target_icp: segment?.segment_name ?? metadata.target_icp,
      target_offer: offer?.offer_name ?? metadata.target_offer,
    },
  };
}

function tellPlaced(before: Assets, after: Assets, told: Finding[]): void {
  const differs = (read: (asset: Asset) => string) =>
    before.some((asset, i) => read(asset) !== read(after[i] ?? asset));
  told.push(
    ...fixedIf(
      differs((asset) => asset.funnel_stage),
      "asked",
      "assets",
      "Set to the stage that was asked for.",
    ),
    ...fixedIf(
      // What names nobody is filled in without a word; what names somebody else is told.
      before.some(
        ({ metadata: { target_icp, target_offer } }, i) =>
          isOther(target_icp, after[i]?.metadata.target_icp) ||
          isOther(target_offer, after[i]?.metadata.target_offer),
      ),
      "reference",
      "assets",
      "Set to the segment and the offer that the texts are for.",
    ),
  );
}

function isOther(given: string, known: string | undefined): boolean {
  return given !== "" && known !== undefined && toKey(given) !== toKey(known);
}

function withRealLinks(asset: Asset, { brand, offer }: ContentEngineContext): Asset {
  const hosts = [brand.website_url, offer?.landing_page_url].flatMap((url) => hostOf(url) ?? []);
  const mend = (text: string) =>
    text.replace(LINK, (link) => (hosts.includes(hostOf(link) ?? "") ? link : "{{cta_url}}"));
  const [title, body] = [mend(asset.title), mend(asset.body)];
  return title === asset.title && body === asset.body ? asset : { ...asset, title, body };
}

function hostOf(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  return new URL(url).host.replace(/^www\./, "");
}

function fitPredictions(given: Assets, told: Finding[]): Assets {
  const rates = given.flatMap(({ performance_predictions: predicted }) => [
    predicted?.expected_ctr ?? null,
    predicted?.expected_engagement ?? null,
  ]);
  const fractions = toFractions(rates);
  if (fractions === rates) return given;
  told.push(fixed("number", "assets", "Rates turned from percent into fractions."));
  return given.map((asset, i) => ({
    ...asset,
    performance_predictions: asset.performance_predictions && {
      ...asset.performance_predictions,
      expected_ctr: fractions[2 * i] ?? null,
      expected_engagement: fractions[2 * i + 1] ?? null,
    },
  }));
}

function withCounts(asset: Asset, words: Intl.Segmenter): Asset {
  const word_count = countWords(words, asset.body);
  const reading_time = `${Math.max(1, Math.ceil(word_count / WORDS_PER_MINUTE))} min`;
  return { ...asset, metadata: { ...asset.metadata, word_count, reading_time } };
}
