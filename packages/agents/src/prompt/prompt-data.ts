/**
 * Fences data inside a prompt, so that it stays data.
 *
 * Everything that callers and workspaces wrote reaches the model as one JSON value in a block with
 * an unguessable marker, without line breaks and spaces, which cost tokens and say nothing. A marker
 * inside of a value is removed. The prompt is limited: empty values are left out, long values are cut.
 */

/** Characters of one text: as many as a payload accepts. */
const TEXT_MAX = 4_000;
/** Items of one list: as many rows as are read. */
const ITEMS_MAX = 100;
/** The bytes of a block: some 15 000 tokens, more than a block needs. */
const BLOCK_MAX = 60_000;
/**
 * The bytes of all blocks of a prompt: some 32 000 tokens, which fit every current model beside the
 * instructions and the answer. The longest prompt of our recordings has 25 KiB.
 */
const PROMPT_MAX = 128 * 1024;
/** Rows are half as deep; a payload may have any depth. */
const DEPTH_MAX = 12;
/** A comma, and a colon after a name, or brackets. */
const SIGN_BYTES = 4;
const CUT = "…";
/** A text that was cut ends with a mark; other omissions are noted at the end of the block. */
const CUT_NOTE = "Parts of this block were left out because they did not fit.";

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
  | "campaign"
  | "published"
  | "last_plan";

/** One block: `value` as JSON between markers that contain the run's boundary. */
export function dataBlock(
  boundary: string,
  name: BlockName,
  value: unknown,
  bytes = BLOCK_MAX,
): string {
  // guards G1: block bytes
  const room: Room = { left: Math.min(bytes, BLOCK_MAX), isCut: false };
  const kept = bounded(value, room) ?? emptyLike(value);
  const json = JSON.stringify(room.isCut ? withNote(kept) : kept);
  return `<data-${boundary} name="${name}">\n${without(json, boundary)}\n</data-${boundary}>`;
}

/** What blocks of this prompt may still take. Each block is rendered with the room that is left. */
export function newPromptRoom(): (render: (bytes: number) => string) => string {
  let left = PROMPT_MAX;
  return (render) => {
    const block = render(Math.max(left, 0));
    // guards G1: prompt bytes
    left -= Buffer.byteLength(block);
    return block;
  };
}

/** Text of others, whole and unchanged, between markers that contain the run's boundary. */
export function textBlock(boundary: string, name: "answer" | "findings", text: string): string {
  return `<data-${boundary} name="${name}">\n${without(text, boundary)}\n</data-${boundary}>`;
}

/** Removing a part can create the same part from its surroundings, hence the loop. */
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

/** The room that is left in a block, and whether anything was left out. */
interface Room {
  left: number;
  isCut: boolean;
}

/** The value without empty members, as far as it fits; undefined if nothing is left. */
function bounded(value: unknown, room: Room, depth = 0): unknown {
  if (isEmpty(value)) return undefined;
  if (room.left <= 0 || (typeof value === "object" && depth === DEPTH_MAX)) {
    room.isCut = true;
    return undefined;
  }
  room.left -= SIGN_BYTES;
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

/** Characters that are invisible to people but readable to models. */
const UNSEEN_LETTERS = /[\u{e0000}-\u{e0fff}]/gu;

function takeText(written: string, room: Room): string {
  const text = written.replace(UNSEEN_LETTERS, "");
  const max = Math.min(TEXT_MAX, Math.max(room.left, 0));
  const taken = text.length > max ? text.slice(0, max) + CUT : text;
  room.left -= Buffer.byteLength(JSON.stringify(taken));
  return taken;
}
