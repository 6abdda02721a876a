/**
 * What the words for the end of an answer mean. Gateways pass through the words of the provider
 * behind them, in any case.
 */
import type { FinishReason } from "./gateway.ts";

const WORDS: Readonly<Record<FinishReason | "error", readonly string[]>> = {
  stop: [
    ...["stop", "stop_sequence", "end_turn", "eos", "eos_token", "complete", "completed"],
    // No tools are offered. A model that asks for one may still have answered.
    ...["tool_calls", "tool_call", "tool_use", "function_call"],
  ],
  length: [
    ...["length", "max_tokens", "max_output_tokens", "max_completion_tokens", "model_length"],
    "model_context_window_exceeded",
  ],
  content_filter: [
    ...["content_filter", "content_filtered", "safety", "prohibited_content", "recitation"],
    ...["blocklist", "spii", "image_safety", "refusal", "sensitive", "guardrail_intervened"],
  ],
  error: ["error", "abort", "timeout", "network_error", "insufficient_system_resource"],
  unknown: [],
};

const MEANINGS = new Map(
  (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((reason) =>
    WORDS[reason].map((word) => [word, reason] as const),
  ),
);

export function readFinishReason(word: string): FinishReason | "error" {
  return MEANINGS.get(word.trim().toLowerCase()) ?? "unknown";
}
