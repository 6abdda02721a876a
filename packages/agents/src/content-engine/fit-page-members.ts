/**
 * What a page needs beside its text. A meta description at the end of a body is moved to its own member,
 * so that it is not published as a last line, and every page has a slug.
 */
import { fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import { toSlug } from "../marketing/to-slug.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];

/** The last line of a body, in any markup. */
const META_LINE =
  /\n[\s>*_#-]*meta[ -]?description[ \t*_]{0,6}:[ \t*_]{0,6}([^\n]{1,500}?)[\s*_]*$/iu;
/** Lines of a meta description are short: the end of a body is enough. */
const END_LENGTH = 1_000;

export function fitPageMembers(given: readonly Asset[]): Fitted<readonly Asset[]> {
  const assets = given.map((asset) => withSlug(withMetaMoved(asset)));
  const isMoved = assets.some(({ body }, i) => body !== given[i]?.body);
  const isRespelled = assets.some(({ metadata: { slug } }, i) => {
    const before = given[i]?.metadata.slug ?? null;
    return before !== null && before !== slug;
  });
  return fitted(
    assets,
    ...fixedIf(isMoved, "normalized", "assets", "The meta description is a member of its own."),
    ...fixedIf(isRespelled, "normalized", "assets", "Slugs are in small letters, with dashes."),
  );
}

function isPage({ channel }: Asset): boolean {
  const form = formOf(channel);
  return form === "blog" || form === "landing_page";
}

function withMetaMoved(asset: Asset): Asset {
  const { body, metadata } = asset;
  const start = Math.max(0, body.length - END_LENGTH);
  const [line, described = ""] = META_LINE.exec(body.slice(start)) ?? [];
  const known = metadata.meta_description;
  // A second description that says something else is for people to choose from.
  if (!isPage(asset) || line === undefined || (known !== null && known !== described)) return asset;
  const rest = body.slice(0, body.length - line.length).trimEnd();
  if (rest === "") return asset;
  return { ...asset, body: rest, metadata: { ...metadata, meta_description: described } };
}

/** The last part of a path, else the title. */
function withSlug(asset: Asset): Asset {
  if (!isPage(asset)) return asset;
  const { title, metadata } = asset;
  const last = metadata.slug?.split("/").findLast((part) => toSlug(part) !== "");
  const slug = toSlug(last ?? title) || null;
  return slug === metadata.slug ? asset : { ...asset, metadata: { ...metadata, slug } };
}
