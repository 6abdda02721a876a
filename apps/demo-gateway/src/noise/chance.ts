/** A deterministic source of chance: the same words give the same numbers on every machine. */
import { createHash } from "node:crypto";

export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** One of the items, all equally likely. Throws if there are none. */
  pick<Item>(items: readonly Item[]): Item;
}

export function newChance(...words: readonly string[]): Chance {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    const hash = createHash("sha256").update(JSON.stringify([...words, drawn]));
    return hash.digest().readUInt32BE(0) / 2 ** 32;
  };
  return {
    next,
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error("There is nothing to pick from.");
      return item;
    },
  };
}
