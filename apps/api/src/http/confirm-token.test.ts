import type { Confirmation } from "@cmo/shared/db";
import { describe, expect, test } from "vitest";
import { rememberConfirmations } from "./confirm-token.ts";

function newMemory(answer: () => Promise<Confirmation>, capacity = 100) {
  let nowMs = 0;
  const asked: string[] = [];
  const confirm = rememberConfirmations({
    ask(token) {
      asked.push(token);
      return answer();
    },
    clock: { now: () => nowMs, sleep: async () => {} },
    rememberMs: 30_000,
    capacity,
  });
  return {
    confirm,
    asked,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const yes = async (): Promise<Confirmation> => ({ kind: "user", id: "u" });

describe("the cache of confirmed tokens", () => {
  test("a confirmation is cached for its time and no longer", async () => {
    const { confirm, asked, pass } = newMemory(yes);
    await confirm("t");
    pass(29_999);
    expect(await confirm("t")).toEqual({ kind: "user", id: "u" });
    expect(asked).toEqual(["t"]);
    pass(1);
    await confirm("t");
    expect(asked).toEqual(["t", "t"]);
  });

  test("the age of a confirmation counts from its request", async () => {
    const slow = newMemory(async () => {
      slow.pass(20_000);
      return yes();
    });
    await slow.confirm("t");
    slow.pass(9_999);
    await slow.confirm("t");
    expect(slow.asked).toEqual(["t"]);
    slow.pass(1);
    await slow.confirm("t");
    expect(slow.asked).toEqual(["t", "t"]);
  });

  test("`anew` bypasses the cache, and a refusal clears it", async () => {
    let answer: Confirmation = { kind: "user", id: "u" };
    const { confirm, asked } = newMemory(async () => answer);
    await confirm("t");
    answer = { kind: "unavailable" };
    expect(await confirm("t", { anew: true })).toEqual(answer);
    expect(await confirm("t")).toEqual({ kind: "user", id: "u" });
    answer = { kind: "refused" };
    expect(await confirm("t", { anew: true })).toEqual(answer);
    expect(await confirm("t")).toEqual(answer);
    expect(asked).toHaveLength(4);
  });

  test("refusals and outages are not cached", async () => {
    for (const kind of ["refused", "unavailable"] as const) {
      const { confirm, asked } = newMemory(async () => ({ kind }));
      await confirm("t");
      await confirm("t");
      expect(asked).toHaveLength(2);
    }
  });

  test("concurrent confirmations of a token share one request", async () => {
    const { confirm, asked } = newMemory(yes);
    await Promise.all(["a", "b", "a", "a", "b"].map((token) => confirm(token)));
    expect(asked).toEqual(["a", "b"]);
  });

  test("a request that throws is not cached", async () => {
    let isBroken = true;
    const { confirm } = newMemory(() => (isBroken ? Promise.reject(new Error("x")) : yes()));
    await expect(confirm("t")).rejects.toThrow("x");
    isBroken = false;
    expect(await confirm("t")).toEqual({ kind: "user", id: "u" });
  });

  test("the cache is bounded: the oldest entry is removed first", async () => {
    const { confirm, asked } = newMemory(yes, 2);
    for (const token of ["a", "b", "c"]) await confirm(token);
    await confirm("c");
    await confirm("b");
    expect(asked).toEqual(["a", "b", "c"]);
    await confirm("a");
    expect(asked).toEqual(["a", "b", "c", "a"]);
  });
});
