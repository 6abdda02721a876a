/** The processes of the running stack, to be killed by their pid and by nothing else. */
import { readFileSync } from "node:fs";
import { inject } from "vitest";
import { z } from "zod";

const listSchema = z.array(z.object({ name: z.string(), pid: z.int() }));

/** Those whose names begin so: `api`, `worker`. */
export function processesOf(kind: string): readonly { name: string; pid: number }[] {
  const list = listSchema.parse(JSON.parse(readFileSync(inject("stack").processFile, "utf8")));
  return list.filter(({ name }) => name.startsWith(kind));
}

/** The most memory that any of them has held since it started. */
export function peakMemoryMiB(kind: string): number {
  const peaks = processesOf(kind).map(({ pid }) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  });
  return Math.max(...peaks);
}

/** The names and values that the process was started with. */
export function environmentOf(pid: number): ReadonlyMap<string, string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
