/**
 * Data inside a prompt, fenced so that it stays data.
 *
 * Everything that callers and workspaces wrote reaches the model as one JSON value in a block
 * whose marker nobody could guess when they wrote it; should a value hold the marker all the
 * same, it loses it. A prompt is bounded too: what is empty is left out, what is endless is cut.
 */
const TEXT_MAX = 4_000;
const ITEMS_MAX = 100;
/** A block's text, before it is laid out: some 15 000 tokens, more than any honest block needs. */
const BLOCK_MAX = 60_000;
/** Rows of ours are half as deep; a payload may be as deep as a stack. */
const DEPTH_MAX = 12;
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
  const json = JSON.stringify(bounded(value, { left: BLOCK_MAX }) ?? emptyLike(value), null, 1);
  return `<data-${boundary} name="${name}">\n${without(json, boundary)}\n</data-${boundary}>`;
}

/** Text that was not written for us, between markers that bear the run's boundary: whole, as it is. */
export function textBlock(boundary: string, name: "answer" | "findings", text: string): string {
  return `<data-${boundary} name="${name}">\n${without(text, boundary)}\n</data-${boundary}>`;
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

/** What of a block is still to be filled. */
interface Room {
  left: number;
}

/** The value without its empty members, as far as there is room; undefined if nothing is left. */
function bounded(value: unknown, room: Room, depth = 0): unknown {
  if (value === null || value === undefined || value === "" || room.left <= 0) return undefined;
  if (typeof value === "string") return takeText(value, room);
  if (typeof value !== "object") return takeText(String(value), room) && value;
  if (depth === DEPTH_MAX) return undefined;
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => bounded(item, room, depth + 1));
    const present = items.filter((item) => item !== undefined);
    return present.length > 0 ? present : undefined;
  }
  const members = Object.entries(value)
    .map(([key, member]) => [takeText(key, room), bounded(member, room, depth + 1)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** Letters that people do not see and models read: nobody could have agreed to what they say. */
const UNSEEN_LETTERS = /[\u{e0000}-\u{e0fff}]/gu;

function takeText(written: string, room: Room): string {
  const text = written.replace(UNSEEN_LETTERS, "");
  const max = Math.min(TEXT_MAX, Math.max(room.left, 0));
  room.left -= text.length;
  return text.length > max ? text.slice(0, max) + CUT : text;
}
