import { describe, expect, test } from "vitest";
import { createFlushClock } from "./flush-clock.ts";

/** A clock whose sleeps end when the test says so. */
function manualClock() {
  const sleeps: { readonly ms: number; readonly end: () => void }[] = [];
  const clock = {
    now: () => 0,
    sleep: (ms: number) => new Promise<void>((end) => void sleeps.push({ ms, end })),
  };
  return { clock, sleeps };
}

describe("a flush clock", () => {
  test("an idle process appends at once, and text that follows waits for the interval", async () => {
    const { clock, sleeps } = manualClock();
    const flush = createFlushClock(clock, 8);
    expect(flush.next()).toBeNull();
    const [one, two] = [flush.next(), flush.next()];
    expect(one).not.toBeNull();
    // All runs wait for the same end, so their appends leave together.
    expect(two).toBe(one);
    expect(sleeps.map(({ ms }) => ms)).toEqual([8]);
    sleeps[0]?.end();
    await one;
  });

  test("a busy interval is followed by another, an idle one is not", async () => {
    const { clock, sleeps } = manualClock();
    const flush = createFlushClock(clock, 8);
    void flush.next();
    const awaited = flush.next();
    sleeps[0]?.end();
    await awaited;
    expect(sleeps).toHaveLength(2);
    expect(flush.next()).not.toBeNull();
    sleeps[1]?.end();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sleeps).toHaveLength(3);
    sleeps[2]?.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(flush.next()).toBeNull();
  });
});
