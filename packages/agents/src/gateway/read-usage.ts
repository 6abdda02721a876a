/**
 * Reads the usage that a gateway reports. Gateways leave members out and use two sets of names. A number
 * that no call can have counts as missing, so that a nonsensical report costs nobody a fortune.
 */
import type { Usage } from "@cmo/shared/contract";
import { isObject, type JsonObject, memberOf } from "./json-value.ts";

/** Ten times the longest context of a model. */
const MAX_TOKENS = 10_000_000;
/** In US dollars; a call with the longest context costs a tenth of it. */
const MAX_COST = 1_000;

/** Null if no member is a count. A member that is missing is computed from the others, or is 0. */
export function readUsage(value: unknown): Usage | null {
  if (!isObject(value)) return null;
  const prompt = promptIn(value);
  const completion = countIn(value, "completion_tokens") ?? countIn(value, "output_tokens");
  const total = countIn(value, "total_tokens");
  if (prompt === null && completion === null && total === null) return null;
  const rest = (known: number | null) => Math.max(0, (total ?? 0) - (known ?? 0));
  const prompt_tokens = prompt ?? (completion === null ? 0 : rest(completion));
  const completion_tokens = completion ?? (prompt === null ? 0 : rest(prompt));
  const cached = cachedIn(value);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: total ?? prompt_tokens + completion_tokens,
    ...(cached !== null && { cached_tokens: Math.min(cached, prompt_tokens) }),
  };
}

/**
 * What the gateway says that it has charged, in millionths of a US dollar; null if it does not say.
 * OpenRouter does. With a key of one's own, its cost is its fee, and the provider's comes on top.
 */
export function readCostMicros(value: unknown): number | null {
  const cost = amountIn(value, "cost");
  if (cost === null) return null;
  const isOwnKey = memberOf(value, "is_byok") === true;
  const upstream = isOwnKey
    ? amountIn(memberOf(value, "cost_details"), "upstream_inference_cost")
    : 0;
  return upstream === null ? null : Math.round((cost + upstream) * 1_000_000);
}

/** Anthropic's prompt tokens are without those that were written to its cache or read from it. */
function promptIn(value: JsonObject): number | null {
  const prompt = countIn(value, "prompt_tokens");
  const input = countIn(value, "input_tokens");
  if (prompt !== null || input === null) return prompt;
  const written = countIn(value, "cache_creation_input_tokens") ?? 0;
  return input + written + (countIn(value, "cache_read_input_tokens") ?? 0);
}

/** OpenAI's two interfaces, DeepSeek, Anthropic. */
function cachedIn(value: JsonObject): number | null {
  return (
    countIn(value["prompt_tokens_details"], "cached_tokens") ??
    countIn(value["input_tokens_details"], "cached_tokens") ??
    countIn(value, "prompt_cache_hit_tokens") ??
    countIn(value, "cache_read_input_tokens")
  );
}

function countIn(value: unknown, key: string): number | null {
  const count = memberOf(value, key);
  return typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS
    ? count
    : null;
}

function amountIn(value: unknown, key: string): number | null {
  const amount = memberOf(value, key);
  return typeof amount === "number" && amount >= 0 && amount <= MAX_COST ? amount : null;
}
