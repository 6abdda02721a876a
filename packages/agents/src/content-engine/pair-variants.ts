/** Pairs each A with the B of the same channel and kind, in the given order. */
import { toKey } from "../marketing/fit-names.ts";
import type { ContentEngineOutput } from "./schema.ts";

export type Asset = ContentEngineOutput["assets"][number];

/** At least one of the two is present. */
export interface Pair {
  readonly a: Asset | null;
  readonly b: Asset | null;
}

export function pairVariants(assets: readonly Asset[]): readonly Pair[] {
  const channels = [...new Set(assets.map(({ channel }) => channel))];
  return channels.flatMap((channel) =>
    pairChannel(assets.filter((one) => one.channel === channel)),
  );
}

/** An A without a B of its kind is paired with one that is left. */
function pairChannel(assets: readonly Asset[]): readonly Pair[] {
  const left = assets.filter(({ variant }) => variant === "B");
  const take = (fits: (b: Asset) => boolean): Asset | null => {
    const index = left.findIndex(fits);
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  };
  const alike = assets
    .filter(({ variant }) => variant === "A")
    .map((a) => ({ a, b: take((b) => toKey(b.asset_type) === toKey(a.asset_type)) }));
  const pairs = alike.map(({ a, b }) => ({ a, b: b ?? take(() => true) }));
  return [...pairs, ...left.map((b) => ({ a: null, b }))];
}
