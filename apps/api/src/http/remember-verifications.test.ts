import { describe, expect, test } from "vitest";
import { rememberVerifications } from "./remember-verifications.ts";

function remembering({ expiresAt = 100_000, capacity = 10 } = {}) {
  let now = 0;
  const verified: string[] = [];
  const verify = rememberVerifications({
    verify: async (token) => {
      verified.push(token);
      if (token === "bad") throw new Error("The token is invalid");
      return { userId: token, expiresAt };
    },
    clock: { now: () => now, sleep: async () => {} },
    rememberMs: 1000,
    capacity,
  });
  const wait = (ms: number) => {
    now += ms;
  };
  return { verify, verified, wait };
}

describe("remembered verifications", () => {
  test("a token is verified once in the time, and again afterwards", async () => {
    const { verify, verified, wait } = remembering();
    expect(await verify("a")).toEqual({ userId: "a", expiresAt: 100_000 });
    wait(999);
    expect(await verify("a")).toMatchObject({ userId: "a" });
    expect(await verify("b")).toMatchObject({ userId: "b" });
    expect(verified).toEqual(["a", "b"]);
    wait(1);
    await verify("a");
    expect(verified).toEqual(["a", "b", "a"]);
  });

  test("a verification is not remembered past the expiry of its token", async () => {
    const { verify, verified, wait } = remembering({ expiresAt: 500 });
    await verify("a");
    wait(500);
    await verify("a");
    expect(verified).toEqual(["a", "a"]);
  });

  test("a refusal is not remembered", async () => {
    const { verify, verified } = remembering();
    await expect(verify("bad")).rejects.toThrow("invalid");
    await expect(verify("bad")).rejects.toThrow("invalid");
    expect(verified).toEqual(["bad", "bad"]);
  });

  test("the oldest token is forgotten beyond the capacity", async () => {
    const { verify, verified } = remembering({ capacity: 2 });
    for (const token of ["a", "b", "c", "b", "c", "a"]) await verify(token);
    expect(verified).toEqual(["a", "b", "c", "a"]);
  });
});
