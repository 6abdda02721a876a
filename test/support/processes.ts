/** The processes of the running stack, to be killed by their pid and by nothing else. */
import { readFileSync } from "node:fs";
import { inject } from "vitest";
import { z } from "zod";

const listSchema = z.array(z.object({ name: z.string(), pid: z.int() }));

export function listWorkers(): { name: string; pid: number }[] {
  const list = listSchema.parse(JSON.parse(readFileSync(inject("stack").processFile, "utf8")));
  return list.filter(({ name }) => name.startsWith("worker"));
}
