/**
 * Which blocks an object of a prose answer holds. Models name a block by its fence, by a member
 * around it, or not at all; then its members say what it is.
 */
import { type BlockMembers, moreOf } from "../agent/block-members.ts";
import { isMembers, type Members } from "./members.ts";

export interface NamedBlock {
  readonly name: string;
  readonly value: Members;
}

/** Members that make an object a block, whatever it is called. */
const TELLING_MEMBERS = 2;
/** The deepest nesting of wrappers that is read. */
const WRAPPERS_MAX = 3;

export function nameBlocks(
  value: Members,
  tag: string,
  kinds: BlockMembers,
  left = WRAPPERS_MAX,
): readonly NamedBlock[] {
  const own = Object.hasOwn(kinds, tag) ? tag : null;
  if (own !== null && shared(value, kinds[own]) > 0) return [{ name: own, value }];
  const name = nameByMembers(value, kinds);
  if (name !== null) return [{ name, value }];
  const within = left > 0 ? blocksWithin(value, kinds, left - 1) : [];
  if (within.length > 0 || own === null || Object.keys(value).length === 0) return within;
  return [{ name: own, value }];
}

function nameByMembers(value: Members, kinds: BlockMembers): string | null {
  const [best] = Object.entries(kinds)
    .map(([name, members]) => ({ name, count: shared(value, members) }))
    .toSorted((a, b) => b.count - a.count);
  return best && best.count >= TELLING_MEMBERS ? best.name : null;
}

function shared(value: Members, members: readonly string[] = []): number {
  return members.filter((member) => Object.hasOwn(value, member)).length;
}

function blocksWithin(value: Members, kinds: BlockMembers, left: number): readonly NamedBlock[] {
  return Object.entries(value).flatMap(([key, member]) =>
    [member].flat().flatMap((one) => (isMembers(one) ? nameBlocks(one, key, kinds, left) : [])),
  );
}

/**
 * The members with one more block. Of a kind that an answer may have several of, it joins the list;
 * of another, it is laid over the first: a model that describes a thing twice means both.
 */
export function withBlock(
  members: Members,
  { name, value }: NamedBlock,
  sections: readonly string[],
): Members {
  const first = members[name];
  if (!isMembers(first)) return { ...members, [name]: value };
  const more = moreOf(name);
  const known = [first, ...listIn(members[more])];
  const isRepeated = known.some((one) => JSON.stringify(one) === JSON.stringify(value));
  if (isRepeated) return members;
  if (sections.includes(more)) return { ...members, [more]: [...listIn(members[more]), value] };
  return { ...members, [name]: { ...first, ...withoutAbsent(value) } };
}

/** The members of an answer with the corrected blocks in place of those of the same name. */
export function withCorrected(
  members: Members,
  corrected: Members,
  { sections, blockMembers }: { sections: readonly string[]; blockMembers: BlockMembers },
): Members {
  let result = members;
  for (const [name, [nameMember = ""]] of Object.entries(blockMembers)) {
    const more = moreOf(name);
    const blocks = blocksOf(members, name);
    for (const block of blocksOf(corrected, name)) {
      const at = blocks.findIndex((one) => isSame(one[nameMember], block[nameMember]));
      if (at >= 0) blocks[at] = block;
      else if (sections.includes(more)) blocks.push(block);
      else blocks[0] = block;
    }
    const [first, ...others] = blocks;
    if (first) result = { ...result, [name]: first };
    if (others.length > 0) result = { ...result, [more]: others };
  }
  return result;
}

function blocksOf(members: Members, name: string): Members[] {
  return [members[name], ...listIn(members[moreOf(name)])].filter(isMembers);
}

/** A block whose name is missing is the one that was corrected. */
function isSame(known: unknown, given: unknown): boolean {
  const toKey = (name: unknown) => String(name).trim().toLowerCase();
  return typeof known !== "string" || toKey(known) === toKey(given);
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function withoutAbsent(value: Members): Members {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) => member !== null && !(Array.isArray(member) && member.length === 0),
    ),
  );
}
