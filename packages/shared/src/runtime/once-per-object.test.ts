import { expect, test } from "vitest";
import { oncePerObject } from "./once-per-object.ts";

test("is made once for each object, also when nothing comes of it", () => {
  const asked: object[] = [];
  const made = oncePerObject((key: { readonly id: number }) => {
    asked.push(key);
    return key.id === 1 ? { of: key.id } : undefined;
  });
  const [one, other] = [{ id: 1 }, { id: 2 }];
  expect(made(one)).toBe(made(one));
  expect([made(other), made(other)]).toEqual([undefined, undefined]);
  expect(made({ id: 1 })).not.toBe(made(one));
  expect(asked).toEqual([one, other, one]);
});
