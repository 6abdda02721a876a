/** Repairs one text at once. Apart from the repairer, so that its thread loads nothing else. */
import { jsonrepair } from "jsonrepair";
import { mendQuotes } from "./mend-quotes.ts";

/**
 * Null for a text that is beyond repair, or nested too deep. Quotation marks are mended first:
 * `jsonrepair` takes the straight end of „…" for the end of the text, and splits a list there.
 */
export function repairText(text: string): string | null {
  try {
    const mended = mendQuotes(text);
    return isJson(mended) ? mended : jsonrepair(mended);
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
