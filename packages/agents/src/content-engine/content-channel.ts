/**
 * The channels of texts. A channel keeps the vocabulary's word if it has one and no other channel of
 * the request has the same; else it stays under its own name, as the user wrote it.
 */
import { channelKey } from "../marketing/channel-key.ts";
import { toKey } from "../marketing/fit-names.ts";
import { CONTENT_CHANNELS } from "../marketing/vocabulary.ts";
import type { ContentChannel } from "./channel-limits.ts";

/** Channels whose texts are of another channel's form. */
const SAME_FORM: Readonly<Record<string, ContentChannel>> = {
  youtube: "video_script",
  tiktok: "video_script",
};

/** The channel of the vocabulary whose form and limits the texts have; null if there is none. */
export function formOf(name: string): ContentChannel | null {
  const key = channelKey(name);
  return CONTENT_CHANNELS.find((channel) => channel === (SAME_FORM[key] ?? key)) ?? null;
}

/** The names under which texts for these channels are written and saved, each once. */
export function namesOf(wished: readonly string[]): readonly string[] {
  const first = new Map(wished.toReversed().map((name) => [bareName(name), name]));
  const different = wished.filter((name) => first.get(bareName(name)) === name);
  return [...new Set(different.map((name) => nameOf(name, different)))];
}

/** “E-Mail” and “Newsletter” mean the same; “LinkedIn” and “LinkedIn ads” do not. */
function bareName(name: string): string {
  const key = channelKey(name);
  return key === "email" ? key : toKey(name).replaceAll(" ", "");
}

function nameOf(name: string, wished: readonly string[]): string {
  const form = formOf(name);
  const isShared = wished.some((other) => other !== name && formOf(other) === form);
  return form === null || isShared ? name : form;
}
