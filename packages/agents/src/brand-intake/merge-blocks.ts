/** Blocks that describe the same thing become one, and lists lose what the owner took back. */
import type { z } from "zod";
import { toKey } from "../marketing/fit-names.ts";

/** An absent value of a block does not replace a known one. */
export function withContent(block: object): object {
  return Object.fromEntries(
    Object.entries(block).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** One block for each name, in the order of their first mention; the later one counts. */
export function mergeByName<Block extends object>(
  blocks: readonly Block[],
  nameOf: (block: Block) => string,
): Block[] {
  const merged = new Map<string, Block>();
  for (const block of blocks) {
    const key = toKey(nameOf(block));
    const known = merged.get(key);
    merged.set(key, known ? { ...known, ...withContent(block) } : block);
  }
  return [...merged.values()];
}

/**
 * The block without its `remove`. Each list that loses an entry is what the block says of it, else
 * what is known of it, without that entry.
 */
export function withoutRemoved<Block extends { remove?: string[] | undefined }>(
  { remove = [], ...block }: Block,
  known: object | null,
  schema: z.ZodType<Block>,
): Block {
  const taken = new Set(remove.map(toKey));
  const isTaken = (entry: unknown) => taken.has(toKey(nameIn(entry)));
  const rows = new Map<string, unknown>(Object.entries(known ?? {}));
  const lists = Object.entries(block).flatMap(([key, given]) => {
    if (!Array.isArray(given)) return [];
    const current = given.length > 0 ? given : listIn(rows.get(key));
    return current.some(isTaken) ? [[key, current.filter((entry) => !isTaken(entry))]] : [];
  });
  // What a screen has collected may have any form.
  const shorter = schema.safeParse({ ...block, ...Object.fromEntries(lists) });
  return shorter.success ? shorter.data : schema.parse(block);
}

/** An entry of a list is a text, or an object with a name. */
function nameIn(entry: unknown): string {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return "";
  const name = "name" in entry ? entry.name : null;
  return typeof name === "string" ? name : "";
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
