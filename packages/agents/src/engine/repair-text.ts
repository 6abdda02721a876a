/** Repairs one text at once. Apart from the repairer, so that its thread loads nothing else. */
import { jsonrepair } from "jsonrepair";

/** Null for a text that is beyond repair, or nested too deep. */
export function repairText(text: string): string | null {
  try {
    return jsonrepair(text);
  } catch {
    return null;
  }
}
