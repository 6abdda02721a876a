import { expect, test } from "vitest";
import { isAmongChannels } from "./is-among-channels.ts";

test.each([
  ["E-Mail newsletter", ["email"], true],
  ["LinkedIn", ["linkedin_ads"], true],
  ["google search ads", ["Search ads"], true],
  ["X", ["x"], true],
  ["Xing", ["X"], false],
  ["Instagram", ["email", "linkedin"], false],
] as const)("whether %s is among %j: %s", (channel, named, isAmong) => {
  expect(isAmongChannels(channel, named)).toBe(isAmong);
});
