import { expect, test } from "vitest";
import { channelKey } from "./channel-key.ts";
import { CONTENT_CHANNELS } from "./vocabulary.ts";

test("every word of the vocabulary is its own key", () => {
  expect(CONTENT_CHANNELS.map(channelKey)).toEqual(CONTENT_CHANNELS);
});

test.each([
  ["E-Mail", "email"],
  ["Newsletter", "email"],
  ["LinkedIn ads", "linkedin"],
  ["X", "twitter"],
  ["X (Twitter)", "twitter"],
  ["Google Ads", "google_ads"],
  ["Search ads", "google_ads"],
  ["Landing page", "landing_page"],
  ["YouTube ads", "youtube"],
  ["Video scripts", "video_script"],
  ["Facebook-Gruppen", "facebook"],
  ["LinkedIn-Anzeigen", "linkedin"],
  ["Correos electrónicos", "email"],
])("%s is %s", (name, key) => {
  expect(channelKey(name)).toBe(key);
});

test("channels outside of the vocabulary are equal only by name", () => {
  expect(channelKey("Trade fair")).toBe(channelKey("trade-fair"));
  expect(channelKey("Messe")).not.toBe(channelKey("Brief"));
  expect(channelKey("Xing")).not.toBe(channelKey("X"));
});

test("two platforms for videos are two channels", () => {
  expect(channelKey("TikTok")).not.toBe(channelKey("YouTube"));
});
