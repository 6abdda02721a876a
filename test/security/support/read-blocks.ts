/** Takes a prompt apart as its boundary says: what is data, and what stands around it. */
export interface PromptBlocks {
  readonly boundary: string;
  readonly blocks: readonly { readonly name: string; readonly json: string }[];
  /** Everything that is not inside a block. */
  readonly around: string;
}

export function readBlocks(prompt: string): PromptBlocks {
  const boundary = /^<data-([0-9a-f]+) name="workspace">$/m.exec(prompt)?.[1];
  if (boundary === undefined) throw new Error("The prompt has no workspace block.");
  const blocks: { name: string; json: string }[] = [];
  const pattern = new RegExp(
    `^<data-${boundary} name="(\\w+)">\n([^]*?)\n</data-${boundary}>$`,
    "gm",
  );
  const around = prompt.replace(pattern, (_, name: string, json: string) => {
    blocks.push({ name, json });
    return "";
  });
  if (around.includes(boundary)) throw new Error("The boundary stands where no block is.");
  return { boundary, blocks, around };
}
