import { jsonSize } from "@cmo/shared/runtime";
import fc from "fast-check";
import { expect, test } from "vitest";
import { takeWithin } from "./take-within.ts";

test("the first items are taken, in their order, within the room and never none of some", () => {
  const items = fc.array(fc.record({ name: fc.string() }), { maxLength: 12 });
  const room = fc.record({ items: fc.integer({ min: 1, max: 6 }), characters: fc.nat(80) });

  fc.assert(
    fc.property(items, room, (items, room) => {
      const taken = takeWithin(items, room);
      const [, ...rest] = taken;

      expect(taken).toEqual(items.slice(0, taken.length));
      expect(taken.length).toBeLessThanOrEqual(room.items);
      expect(taken.length > 0).toBe(items.length > 0);
      if (rest.length > 0) {
        const characters = taken.map(jsonSize);
        expect(characters.reduce((a, b) => a + b)).toBeLessThanOrEqual(room.characters);
      }
    }),
  );
});

test("a list that fits is taken whole", () => {
  const items = ["a", "b", "c"];

  expect(takeWithin(items, { items: 3, characters: 9 })).toBe(items);
  expect(takeWithin(items, { items: 2, characters: 9 })).toEqual(["a", "b"]);
  expect(takeWithin(items, { items: 3, characters: 8 })).toEqual(["a", "b"]);
});
