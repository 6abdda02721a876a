/**
 * Finds the planned piece that a pair of variants writes: by its id, as in “C1-a” for C1, else by its
 * title. A piece is written once, and first by the pair that names it on its own channel. Nothing joins
 * what readers have seen.
 */
import { toKey } from "../marketing/fit-names.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import { type PlannedRow, PUBLISHED } from "./context.ts";
import type { Asset, Pair } from "./pair-variants.ts";

export interface Written extends Pair {
  /** Null for a text that nobody planned. */
  readonly planned: PlannedRow | null;
}

/** What models add to an id for its variant. */
const VARIANT = /[\s._-]*(?:variante?[\s._-]*)?[ab]$/i;

export function matchPlanned(
  pairs: readonly Pair[],
  planned: readonly PlannedRow[],
): readonly Written[] {
  const writerOf = new Map<PlannedRow, Pair>();
  for (const piece of planned.filter(isOpen)) {
    const free = pairs.filter((pair) => ![...writerOf.values()].includes(pair));
    const writer =
      free.find((pair) => writes(pair, piece) && isOnChannel(pair, piece)) ??
      free.find((pair) => writes(pair, piece));
    if (writer) writerOf.set(piece, writer);
  }
  const pieceOf = new Map([...writerOf].map(([piece, pair]) => [pair, piece]));
  return pairs.map((pair) => ({ ...pair, planned: pieceOf.get(pair) ?? null }));
}

function isOpen({ status }: PlannedRow): boolean {
  return status !== "archived" && !PUBLISHED.includes(status ?? "");
}

function writes({ a, b }: Pair, { content_id, title }: PlannedRow): boolean {
  return [a, b].some(
    (asset) =>
      asset !== null && (isSame(idOf(asset), content_id ?? "") || isSame(asset.title, title)),
  );
}

function isOnChannel({ a, b }: Pair, { channel }: PlannedRow): boolean {
  const own = (a ?? b)?.channel;
  return own !== undefined && channel !== null && matchChannel(channel, [own]) !== null;
}

function idOf({ asset_id, variant }: Asset): string {
  const rest = asset_id.replace(VARIANT, "");
  // “C1b” is a variant of C1, whereas “Beta” is not one of “Bet”.
  return asset_id.toLowerCase().endsWith(variant.toLowerCase()) && /[\s._-]|\d[ab]$/i.test(asset_id)
    ? rest
    : asset_id;
}

function isSame(one: string, other: string): boolean {
  const key = toKey(one);
  return key !== "" && key === toKey(other);
}
