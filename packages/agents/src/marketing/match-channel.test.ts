import { expect, test } from "vitest";
import { matchChannel } from "./match-channel.ts";

test.each([
  ["E-Mail newsletter", ["email"], "email"],
  ["Correo electrónico", ["Newsletter"], "Newsletter"],
  ["LinkedIn", ["linkedin_ads"], "linkedin_ads"],
  ["Facebook-Gruppen", ["Facebook"], "Facebook"],
  ["LinkedIn-Anzeigen", ["LinkedIn ads"], "LinkedIn ads"],
  ["google search ads", ["Search ads"], "Search ads"],
  ["Pinterest ads (paid)", ["Pinterest Ads"], "Pinterest Ads"],
  ["X", ["x"], "x"],
  ["Xing", ["X"], null],
  ["TikTok", ["YouTube"], null],
  ["Instagram", ["email", "linkedin"], null],
] as const)("%s among %j is %s", (channel, named, match) => {
  expect(matchChannel(channel, named)).toBe(match);
});

test("the same name wins over the same channel, wherever it stands", () => {
  const named = ["LinkedIn", "LinkedIn-Anzeigen"];

  expect(named.map((name) => matchChannel(name, named))).toEqual(named);
  expect(matchChannel("linkedin anzeigen", named)).toBe("LinkedIn-Anzeigen");
});
