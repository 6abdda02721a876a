/**
 * Data inside a prompt, fenced so that it stays data.
 *
 * Everything that callers and workspaces wrote reaches the model as one JSON value in a block
 * whose marker nobody could guess when they wrote it; should a value hold the marker all the
 * same, it loses it. A prompt is bounded too: what is empty is left out, what is endless is cut.
 */
const TEXT_MAX = 4_000;
const ITEMS_MAX = 100;
const CUT = "…";

export type BlockName =
  | "workspace"
  | "brand"
  | "segments"
  | "offers"
  | "request"
  | "plan"
  | "funnel"
  | "stages"
  | "campaigns"
  | "metrics"
  | "campaign";

/** One block: `value` as JSON between markers that bear the run's boundary. */
export function dataBlock(boundary: string, name: BlockName, value: unknown): string {
  const json = JSON.stringify(bounded(value) ?? emptyLike(value), null, 1);
  return `<data-${boundary} name="${name}">\n${without(json, boundary)}\n</data-${boundary}>`;
}

/** Removal can join what stood around the removed part into the same again, hence the loop. */
function without(text: string, part: string): string {
  let rest = text;
  while (rest.includes(part)) rest = rest.replaceAll(part, "");
  return rest;
}

function emptyLike(value: unknown): unknown {
  return Array.isArray(value) ? [] : {};
}

/** The value without its empty members; undefined if nothing is left. */
function bounded(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value === "string") {
    return value.length > TEXT_MAX ? value.slice(0, TEXT_MAX) + CUT : value;
  }
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map(bounded);
    const present = items.filter((item) => item !== undefined);
    return present.length > 0 ? present : undefined;
  }
  const members = Object.entries(value)
    .map(([key, member]) => [key, bounded(member)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}
