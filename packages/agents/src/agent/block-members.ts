/** The blocks of a prose answer: the members of its output that are objects, and their lists. */
import { z } from "zod";

/** The names of each block's own members, by the block's name. */
export type BlockMembers = Readonly<Record<string, readonly string[]>>;

/** The member that holds the further blocks of a kind, if an answer may have several. */
export function moreOf(block: string): string {
  return `more_${block}`;
}

export function blockMembersOf(output: z.ZodType): BlockMembers {
  if (!(output instanceof z.ZodObject)) return {};
  const blocks = Object.entries(output.shape).flatMap(([name, member]) => {
    const block = member instanceof z.ZodOptional ? member.unwrap() : member;
    return block instanceof z.ZodObject ? [[name, Object.keys(block.shape)] as const] : [];
  });
  return Object.fromEntries(blocks);
}
