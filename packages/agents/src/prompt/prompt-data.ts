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
/** Where a text was cut, its ending shows it; whatever else was left out is told at the end. */
const CUT_NOTE = "Parts of this block were left out for want of room.";

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
  const room: Room = { left: BLOCK_MAX, isCut: false };
  const kept = bounded(value, room) ?? emptyLike(value);
  const json = JSON.stringify(room.isCut ? withNote(kept) : kept, null, 1);
  return `<data-${boundary} name="${name}">\n${without(json, boundary)}\n</data-${boundary}>`;
}

/** Text that was not written for us, between markers that bear the run's boundary: whole, as it is. */
export function textBlock(boundary: string, name: "answer" | "findings", text: string): string {
  return `<data-${boundary} name="${name}">\n${without(text, boundary)}\n</data-${boundary}>`;
}

/** Removal can join what stood around the removed part into the same again, hence the loop. */
function without(text: string, part: string): string {
  let rest = text;
  // guards G18: closing marker
  while (rest.includes(part)) rest = rest.replaceAll(part, "");
  return rest;
}

function emptyLike(value: unknown): unknown {
  return Array.isArray(value) ? [] : {};
}

function withNote(kept: unknown): unknown {
  if (Array.isArray(kept)) return [...kept, CUT_NOTE];
  return typeof kept === "object" ? { ...kept, [CUT]: CUT_NOTE } : kept;
}

/** What of a block is still to be filled, and whether something found no room. */
interface Room {
  left: number;
  isCut: boolean;
}

/** The value without its empty members, as far as there is room; undefined if nothing is left. */
function bounded(value: unknown, room: Room, depth = 0): unknown {
  if (isEmpty(value)) return undefined;
  if (room.left <= 0 || (typeof value === "object" && depth === DEPTH_MAX)) {
    room.isCut = true;
    return undefined;
  }
  if (typeof value === "string") return takeText(value, room);
  if (typeof value !== "object" || value === null) return takeText(String(value), room) && value;
  if (Array.isArray(value)) {
    if (value.length > ITEMS_MAX) room.isCut = true;
    const items = value.slice(0, ITEMS_MAX).map((item) => bounded(item, room, depth + 1));
    const present = items.filter((item) => item !== undefined);
    return present.length > 0 ? present : undefined;
  }
  const members = Object.entries(value)
    .map(([key, member]) => [takeText(key, room), bounded(member, room, depth + 1)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Letters that people do not see and models read: nobody could have agreed to what they say. */
const UNSEEN_LETTERS = /[\u{e0000}-\u{e0fff}]/gu;

function takeText(written: string, room: Room): string {
  const text = written.replace(UNSEEN_LETTERS, "");
  const max = Math.min(TEXT_MAX, Math.max(room.left, 0));
  room.left -= text.length;
  return text.length > max ? text.slice(0, max) + CUT : text;
}
