import type { MeantWorkspace, StreamLimits } from "@cmo/shared/db";
import { expect, test } from "vitest";
import { STREAM_LIMITS_MEMORY_MS } from "../policy.ts";
import { rememberStreamLimits } from "./remember-limits.ts";

function newLimits(answer: (token: string) => Promise<StreamLimits>) {
  const asked: (readonly [string, MeantWorkspace])[] = [];
  let now = 0;
  const clock = { now: () => now, sleep: async () => {} };
  const limitsOf = rememberStreamLimits(clock, (token) => (meant) => {
    asked.push([token, meant]);
    return answer(token);
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { limitsOf, asked, pass };
}

const limitsFor = async (token: string): Promise<StreamLimits> => ({
  tenantId: `tenant of ${token}`,
  maxStreams: 1,
  maxUserStreams: 1,
});
const meant = { workspaceId: undefined };

test("each user is told the limits that the database tells them", async () => {
  const { limitsOf } = newLimits(limitsFor);
  expect((await limitsOf("one")(meant)).tenantId).toBe("tenant of one");
  expect((await limitsOf("other")(meant)).tenantId).toBe("tenant of other");
});

test("requests of some seconds ask once, and then again", async () => {
  const { limitsOf, asked, pass } = newLimits(limitsFor);
  const workspaceId = "w";
  await Promise.all([limitsOf("one")({ workspaceId }), limitsOf("one")({ workspaceId })]);
  // A key tells nothing more where a workspace is named.
  await limitsOf("one")({ workspaceId, idempotencyKey: "k" });
  expect(asked).toEqual([["one", { workspaceId }]]);
  await limitsOf("one")({ workspaceId: undefined, idempotencyKey: "k" });
  pass(STREAM_LIMITS_MEMORY_MS);
  await limitsOf("one")({ workspaceId });
  expect(asked).toHaveLength(3);
});

test("a failure is not remembered", async () => {
  let isUp = false;
  const { limitsOf } = newLimits((token) =>
    isUp ? limitsFor(token) : Promise.reject(new Error("The database is away")),
  );
  await expect(limitsOf("one")(meant)).rejects.toThrow("away");
  isUp = true;
  expect((await limitsOf("one")(meant)).maxStreams).toBe(1);
});
