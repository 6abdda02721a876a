/** Reads the usage that a gateway reports. Gateways leave members out and use two sets of names. */
import type { Usage } from "@cmo/shared/contract";
import { isObject, type JsonObject } from "./json-value.ts";

/** Null if no member is a count. A member that is missing is computed from the others, or is 0. */
export function readUsage(value: unknown): Usage | null {
  if (!isObject(value)) return null;
  const prompt = countIn(value, "prompt_tokens") ?? countIn(value, "input_tokens");
  const completion = countIn(value, "completion_tokens") ?? countIn(value, "output_tokens");
  const total = countIn(value, "total_tokens");
  if (prompt === null && completion === null && total === null) return null;
  const rest = (known: number | null) => Math.max(0, (total ?? 0) - (known ?? 0));
  const prompt_tokens = prompt ?? (completion === null ? 0 : rest(completion));
  const completion_tokens = completion ?? (prompt === null ? 0 : rest(prompt));
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: total ?? prompt_tokens + completion_tokens,
  };
}

function countIn(value: JsonObject, key: string): number | null {
  const count = value[key];
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
