/**
 * Takes the marks of Markdown off texts of channels that show them as they are. No word is lost: a link
 * keeps its words and its address. Asterisks and underscores that are no marks stay, such as those of
 * footnotes, of “Gäst*innen”, of hashtags and of addresses.
 */
import { doubt, fixedIf } from "../agent/finding.ts";
import { type Fitted, fitted } from "../agent/fitted.ts";
import type { ContentChannel } from "./channel-limits.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];

const MARKDOWN: ReadonlySet<ContentChannel> = new Set(["email", "blog", "landing_page"]);

/** Before and after a mark: the end of the line, a space, a sign, or another mark. */
const OPENS = "(?<=^|[\\s([{\"'“„«»¡¿*_–—-])";
const CLOSES = "(?=$|[\\s)\\]}\"'”“»«.,;:!?…*_–—-])";
const MARKS: readonly (readonly [RegExp, string])[] = [
  [mark("\\*\\*\\*", "*"), "$1"],
  [mark("\\*\\*", "*"), "$1"],
  [mark("__", "_"), "$1"],
  [mark("\\*", "*"), "$1"],
  [mark("_", "_"), "$1"],
  // “# 1” is a rank.
  [/^[ \t]{0,3}(?:#{2,6}[ \t]+|#[ \t]+(?!\d))(?=\S)/gmu, ""],
];
const LINKED = /(?<!!)\[([^[\]\n]{1,300})\]\([ \t]?([^()\s]{1,2000})[ \t]?\)/gu;
/** Pictures, code and tables: without their marks, they would say something else. */
const OTHER_MARKS = /!\[[^\]\n]{0,300}\]\(|^```|^\|.{1,500}\|[ \t]*$/mu;
/** Marks within marks. */
const DEPTH_MAX = 4;

export function toPlainTexts(given: readonly Asset[]): Fitted<readonly Asset[]> {
  const assets = given.map(withoutMarks);
  const isChanged = assets.some((asset, i) => asset !== given[i]);
  const message =
    "Marks of Markdown were taken off: such a channel, or a title, shows them as they are.";
  const doubts = assets.flatMap((asset, i) =>
    isPlain(asset) && OTHER_MARKS.test(asset.body)
      ? [
          doubt(
            "asked",
            `assets[${i}].body`,
            `${asset.asset_id} has a picture, code or a table in Markdown, which ${asset.channel} shows as it is.`,
          ),
        ]
      : [],
  );
  return fitted(
    isChanged ? assets : given,
    ...fixedIf(isChanged, "normalized", "assets", message),
    ...doubts,
  );
}

/** What a channel outside of the vocabulary shows is not known. */
function withoutMarks(asset: Asset): Asset {
  if (formOf(asset.channel) === null) return asset;
  const title = toPlainText(asset.title);
  const body = isPlain(asset) ? toPlainText(asset.body) : asset.body;
  const isSame = title === asset.title && body === asset.body;
  // A title of marks alone is for its author to correct.
  return isSame || title === "" || body === "" ? asset : { ...asset, title, body };
}

function isPlain({ channel }: Asset): boolean {
  const form = formOf(channel);
  return form !== null && !MARKDOWN.has(form);
}

export function toPlainText(text: string): string {
  let plain = text;
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const before = plain;
    plain = MARKS.reduce((rest, [pattern, words]) => rest.replace(pattern, words), before).replace(
      LINKED,
      (_, words: string, address: string) => linkInWords(words.trim(), address),
    );
    if (plain === before) break;
  }
  return plain.trim();
}

function linkInWords(words: string, address: string): string {
  if (words === address) return address;
  return /[\p{L}\p{N}"”)]$/u.test(words) ? `${words}: ${address}` : `${words} ${address}`;
}

function mark(sign: string, letter: string): RegExp {
  const other = `[^${letter}\\n]`;
  const edge = `[^${letter}\\s]`;
  return new RegExp(
    `${OPENS}${sign}(?=${edge})(${other}{1,500})(?<=${edge})${sign}${CLOSES}`,
    "gmu",
  );
}
