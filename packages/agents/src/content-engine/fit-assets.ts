/** Fits each text to the request: its channel, stage, reader, links and counts. */
import { type Finding, fixed, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { toKey } from "../marketing/fit-names.ts";
import { replaceRepeatedIds } from "../marketing/replace-repeated-ids.ts";
import type { ContentEngineContext } from "./context.ts";
import { fitAssetChannels } from "./fit-asset-channels.ts";
import { fitPageMembers } from "./fit-page-members.ts";
import { fitPredictions } from "./fit-predictions.ts";
import { countWords } from "./measure-text.ts";
import { toPlainTexts } from "./plain-text.ts";
import type { ContentEngineOutput } from "./schema.ts";
import { LINK, tagLinks } from "./tag-links.ts";

type Asset = ContentEngineOutput["assets"][number];
type Assets = readonly Asset[];

interface Tools {
  readonly context: ContentEngineContext;
  readonly words: Intl.Segmenter;
}

/** The reading speed of an adult. */
const WORDS_PER_MINUTE = 200;

export function fitAssets(given: Assets, { context, words }: Tools): Fitted<Asset[]> {
  const { value, findings } = fitInSteps(given, [
    (assets) => fitAssetChannels(assets, context),
    renumber,
    toPlainTexts,
    fitPageMembers,
    (assets) => placeAssets(assets, context),
    (assets) => replaceLinks(assets, context),
    (assets) => tagLinks(assets, context),
    (assets) => fitPredictions(assets, context),
  ]);
  return {
    value: value.map((asset) => withCounts(asset, words)),
    findings,
  };
}

/** Nothing refers to these ids, so repeated ones are replaced. */
function renumber(given: Assets): Fitted<Assets> {
  const baseOf = (asset: Asset | undefined) => `${asset?.channel}-${asset?.variant.toLowerCase()}`;
  const { ids, replaced } = replaceRepeatedIds(
    given.map(({ asset_id }) => asset_id),
    { nameOf: (number, index) => `${baseOf(given[index])}-${number}`, from: 2 },
  );
  return fitted(
    given.map((asset, i) => ({ ...asset, asset_id: ids[i] ?? asset.asset_id })),
    ...replaced.map(({ from, to }) =>
      fixed("duplicate", "assets", `A second ${from} is now ${to}.`),
    ),
  );
}

function placeAssets(given: Assets, context: ContentEngineContext): Fitted<Assets> {
  const placed = given.map((asset) => placeAsset(asset, context));
  return fitted(placed, ...placementFindings(given, placed));
}

/** Sets the requested stage, and the only segment and offer if there is just one. */
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

function placementFindings(before: Assets, after: Assets): readonly Finding[] {
  const isOtherStage = before.some((asset, i) => asset.funnel_stage !== after[i]?.funnel_stage);
  // An empty name is filled in without a finding; a different name is reported.
  const isOtherName = before.some(
    ({ metadata: { target_icp, target_offer } }, i) =>
      isOther(target_icp, after[i]?.metadata.target_icp) ||
      isOther(target_offer, after[i]?.metadata.target_offer),
  );
  return [
    ...fixedIf(isOtherStage, "asked", "assets", "Set to the stage that was asked for."),
    ...fixedIf(
      isOtherName,
      "reference",
      "assets",
      "Set to the segment and the offer that the texts are for.",
    ),
  ];
}

function isOther(given: string, known: string | undefined): boolean {
  return given !== "" && known !== undefined && toKey(given) !== toKey(known);
}

function replaceLinks(given: Assets, context: ContentEngineContext): Fitted<Assets> {
  const assets = given.map((asset) => withRealLinks(asset, context));
  const isChanged = assets.some((asset, i) => asset !== given[i]);
  const message = "Invented links were replaced by {{cta_url}}.";
  return fitted(assets, ...fixedIf(isChanged, "claim", "assets", message));
}

function withRealLinks(asset: Asset, { brand, offer }: ContentEngineContext): Asset {
  const hosts = [brand.website_url, offer?.landing_page_url].flatMap((url) => hostOf(url) ?? []);
  const replace = (text: string) =>
    text.replace(LINK, (link) => (hosts.includes(hostOf(link) ?? "") ? link : "{{cta_url}}"));
  const [title, body] = [replace(asset.title), replace(asset.body)];
  return title === asset.title && body === asset.body ? asset : { ...asset, title, body };
}

function hostOf(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  return new URL(url).host.replace(/^www\./, "");
}

function withCounts(asset: Asset, words: Intl.Segmenter): Asset {
  const word_count = countWords(words, asset.body);
  const reading_time = `${Math.max(1, Math.ceil(word_count / WORDS_PER_MINUTE))} min`;
  return { ...asset, metadata: { ...asset.metadata, word_count, reading_time } };
}
