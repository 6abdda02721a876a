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

describe("remembering confirmed tokens", () => {
  test("a yes holds for its time and no longer", async () => {
    const { confirm, asked, pass } = newMemory(yes);
    await confirm("t");
    pass(29_999);
    expect(await confirm("t")).toEqual({ kind: "user", id: "u" });
    expect(asked).toEqual(["t"]);
    pass(1);
    await confirm("t");
    expect(asked).toEqual(["t", "t"]);
  });

  test("a no and an outage are asked again", async () => {
    for (const kind of ["refused", "unavailable"] as const) {
      const { confirm, asked } = newMemory(async () => ({ kind }));
      await confirm("t");
      await confirm("t");
      expect(asked).toHaveLength(2);
    }
  });

  test("many at once are one question for each token", async () => {
    const { confirm, asked } = newMemory(yes);
    await Promise.all(["a", "b", "a", "a", "b"].map(confirm));
    expect(asked).toEqual(["a", "b"]);
  });

  test("a question that throws is not remembered", async () => {
    let isBroken = true;
    const { confirm } = newMemory(() => (isBroken ? Promise.reject(new Error("x")) : yes()));
    await expect(confirm("t")).rejects.toThrow("x");
    isBroken = false;
    expect(await confirm("t")).toEqual({ kind: "user", id: "u" });
  });

  test("the memory is bounded: the oldest is forgotten first", async () => {
    const { confirm, asked } = newMemory(yes, 2);
    for (const token of ["a", "b", "c"]) await confirm(token);
    await confirm("c");
    await confirm("b");
    expect(asked).toEqual(["a", "b", "c"]);
    await confirm("a");
    expect(asked).toEqual(["a", "b", "c", "a"]);
  });
});
