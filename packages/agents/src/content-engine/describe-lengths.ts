/** The limits of all channels in words, for the prompt; answers are checked against the same numbers. */
import { CHANNEL_LIMITS, type Limit, SEARCH_AD_LINES } from "./channel-limits.ts";

/** What a channel takes holds; what is usual on it is advice. */
export function describeLengths(): string {
  return `A length that the request asks for is the length. No text is longer than its channel takes: ${describe("platform")}. Where the request names no length, the usual ones are: ${describe("practice")}.`;
}

function describe(basis: Limit["basis"]): string {
  const channels = Object.entries(CHANNEL_LIMITS).map(
    ([channel, limits]) => [channel, limits.filter((limit) => limit.basis === basis)] as const,
  );
  return channels
    .filter(([, limits]) => limits.length > 0)
    .map(([channel, limits]) => `${channel}: ${limits.map(describeLimit).join(", ")}`)
    .join("; ");
}

export function describeSearchAdLines(): string {
  return Object.entries(SEARCH_AD_LINES)
    .map(([label, { min, max }]) => `${min} to ${max} of \`${label}: …\``)
    .join(" and ");
}

function describeLimit({ field, from, max, unit }: Limit): string {
  if (unit === "count") return `up to ${max} ${field}`;
  const isLine = field === "Headline" || field === "Description";
  const what = isLine ? `each \`${field}: …\`` : field;
  const amount = from === undefined ? `at most ${max}` : `${from}–${max}`;
  return `${what} ${amount} ${unit === "words" ? "words" : "characters"}`;
}
