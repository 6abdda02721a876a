/** Gives every repeated id a new one. The first item with an id keeps it. */
interface Replacing {
  /** The candidate with this number, for the item at this index. */
  readonly nameOf: (number: number, index: number) => string;
  /** The number of the first candidate; 1 if absent. */
  readonly from?: number;
  /** Ids that stay although they are repeated; none if absent. */
  readonly isKept?: (id: string) => boolean;
}

interface Replaced {
  readonly ids: readonly string[];
  readonly replaced: readonly { readonly from: string; readonly to: string }[];
  /** The places of repeated ids that stayed. */
  readonly kept: readonly number[];
}

export function replaceRepeatedIds(
  given: readonly string[],
  { nameOf, from = 1, isKept = () => false }: Replacing,
): Replaced {
  const taken = new Set(given);
  const seen = new Set<string>();
  const replaced: { from: string; to: string }[] = [];
  const kept: number[] = [];
  const ids = given.map((id, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return id;
    }
    if (isKept(id)) {
      kept.push(index);
      return id;
    }
    let number = from;
    while (taken.has(nameOf(number, index))) number += 1;
    const to = nameOf(number, index);
    taken.add(to);
    replaced.push({ from: id, to });
    return to;
  });
  return { ids, replaced, kept };
}
