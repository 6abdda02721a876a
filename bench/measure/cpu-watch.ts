/** The CPU time that groups of processes use between two moments. */
import { readCpuMs } from "./cpu.ts";

export type Groups = Readonly<Record<string, readonly number[]>>;

/** Milliseconds of CPU by group, and of wall-clock time. */
export interface CpuUse {
  readonly wallMs: number;
  readonly byGroup: Readonly<Record<string, number>>;
}

export function watchCpu(groups: Groups): () => CpuUse {
  const startedAt = performance.now();
  const before = readGroups(groups);
  return () => {
    const after = readGroups(groups);
    const used = Object.keys(groups).map((name): [string, number] => [
      name,
      (after[name] ?? 0) - (before[name] ?? 0),
    ]);
    return { wallMs: performance.now() - startedAt, byGroup: Object.fromEntries(used) };
  };
}

function readGroups(groups: Groups): Readonly<Record<string, number>> {
  const sums = Object.entries(groups).map(([name, pids]): [string, number] => [
    name,
    pids.reduce((total, pid) => total + readCpuMs(pid), 0),
  ]);
  return Object.fromEntries(sums);
}
