import { expect, test } from "vitest";
import { newSlots } from "./slots.ts";

const never = new AbortController().signal;

test("no more slots are taken than there are, and the first to wait is the first to enter", async () => {
  const slots = newSlots(2);
  const entered: string[] = [];
  const enter = (name: string) => slots.take(never).then(() => entered.push(name));
  const all = ["a", "b", "c", "d"].map(enter);
  await Promise.all(all.slice(0, 2));
  expect(entered).toEqual(["a", "b"]);

  slots.free();
  await all[2];
  expect(entered).toEqual(["a", "b", "c"]);
  slots.free();
  await all[3];
  slots.free();
  slots.free();
  expect(await Promise.all([slots.take(never), slots.take(never)])).toEqual([true, true]);
});

test("whoever is aborted while waiting takes no slot from anybody", async () => {
  const slots = newSlots(1);
  await slots.take(never);
  const leaving = new AbortController();
  const [left, next] = [slots.take(leaving.signal), slots.take(never)];
  leaving.abort();
  expect(await left).toBe(false);
  slots.free();
  expect(await next).toBe(true);
  expect(await slots.take(leaving.signal)).toBe(false);
});

test("who waits under another name comes next, however many wait under the first", async () => {
  const slots = newSlots(1);
  await slots.take(never);
  const entered: string[] = [];
  const enter = async (name: string) => {
    await slots.take(never, name);
    entered.push(name);
    slots.free();
  };
  const all = [...Array.from({ length: 5 }, () => enter("crowd")), enter("one"), enter("two")];
  slots.free();
  await Promise.all(all);
  expect(entered).toEqual(["crowd", "one", "two", "crowd", "crowd", "crowd", "crowd"]);
});
