import { jsonSize } from "@cmo/shared/runtime";

/** The room that a prompt has for a list. */
export interface Room {
  readonly items: number;
  /** Of the items as JSON without escapes; a token is about four characters. */
  readonly characters: number;
}

/** As many of the first items as fit, and always the first one. */
export function takeWithin<Item>(items: readonly Item[], room: Room): readonly Item[] {
  let left = room.characters;
  const past = items.findIndex((item, index) => {
    left -= jsonSize(item);
    return index > 0 && (left < 0 || index >= room.items);
  });
  return past < 0 ? items : items.slice(0, past);
}
