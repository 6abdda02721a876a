/**
 * Gives the links of texts the parameters of their channel, and says which ones the link behind
 * `{{cta_url}}` gets. On the brand's own pages, links get none: analytics would take a reader of the blog
 * for a new visitor and forget where the first visit came from.
 */
import { fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { linkParameters, withParameters } from "../marketing/link-parameters.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import { toSlug } from "../marketing/to-slug.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineContext } from "./context.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];
type Tracked = Pick<ContentEngineContext, "brand" | "campaign" | "offer" | "tracking">;

/** A link in a text. */
export const LINK = /https?:\/\/[^\s)\]>"'“”]+/gi;

export function tagLinks(given: readonly Asset[], context: Tracked): Fitted<readonly Asset[]> {
  const assets = given.map((asset) => {
    const parameters = parametersOf(asset, context);
    if (parameters === null) return asset;
    const body = asset.body.replace(LINK, (link) => withParameters(link, parameters));
    return body === asset.body ? asset : { ...asset, body };
  });
  const isChanged = assets.some((asset, i) => asset !== given[i]);
  const message = "Links got the parameters that tell where a visitor came from.";
  return fitted(isChanged ? assets : given, ...fixedIf(isChanged, "normalized", "assets", message));
}

/** What a sender needs for the link of the call to action. The address is null if none is known. */
export function callToActionLink(asset: Asset, context: Tracked) {
  const { brand, offer } = context;
  const address = [offer?.landing_page_url, brand.website_url].find(isAddress) ?? null;
  const parameters = parametersOf(asset, context);
  return {
    utm: parameters,
    cta_url: address && (parameters ? withParameters(address, parameters) : address),
  };
}

function isAddress(url: string | null | undefined): url is string {
  return typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** The campaign's own parameters of the channel, else those that it would have. */
function parametersOf({ asset_id, channel }: Asset, { campaign, tracking }: Tracked) {
  const form = formOf(channel);
  if (form === "blog" || form === "landing_page") return null;
  const name = matchChannel(
    channel,
    tracking.map(({ channel_name }) => channel_name),
  );
  const row = tracking.find(({ channel_name }) => channel_name === name);
  const made = linkParameters(row ?? { channel_name: channel }, campaign?.campaign_name ?? null);
  return {
    utm_source: row?.utm_source || made.utm_source,
    utm_medium: row?.utm_medium || made.utm_medium,
    utm_campaign: row?.utm_campaign || made.utm_campaign,
    utm_content: toSlug(asset_id) || null,
  };
}
