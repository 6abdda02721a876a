/** How much of a list a prompt has room for. */
export interface Room {
  readonly items: number;
  /** Of the items as JSON; some four of them are a token. */
  readonly characters: number;
}

/** The first items, as many as there is room for; the very first one always. */
export function takeWithin<Item>(items: readonly Item[], room: Room): readonly Item[] {
  let left = room.characters;
  const past = items.findIndex((item, index) => {
    left -= JSON.stringify(item).length;
    return index > 0 && (left < 0 || index >= room.items);
  });
  return past < 0 ? items : items.slice(0, past);
}
