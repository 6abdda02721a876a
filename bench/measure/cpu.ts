/** CPU time and memory of processes, from /proc: what the kernel itself has counted. */
import { readdirSync, readFileSync } from "node:fs";

/** `sysconf(_SC_CLK_TCK)` is 100 on every Linux that Node runs on. */
const MS_A_TICK = 10;

interface Stat {
  readonly parent: number;
  readonly ms: number;
  /** Of children that have ended. */
  readonly endedMs: number;
}

/** User and system time of a process, its threads, and the processes that it has started. */
export function readCpuMs(pid: number): number {
  const stats = readAll();
  const own = stats.get(pid);
  if (!own) throw new Error(`There is no process ${pid}: it ended while it was measured.`);
  return sumOf(pid, stats);
}

function sumOf(pid: number, stats: ReadonlyMap<number, Stat>): number {
  const own = stats.get(pid);
  const children = [...stats].filter(([, { parent }]) => parent === pid);
  return children.reduce(
    (total, [child]) => total + sumOf(child, stats),
    (own?.ms ?? 0) + (own?.endedMs ?? 0),
  );
}

function readAll(): Map<number, Stat> {
  const pids = readdirSync("/proc").map(Number).filter(Number.isSafeInteger);
  return new Map(pids.flatMap((pid): [number, Stat][] => toPair(pid, readStat(pid))));
}

function toPair(pid: number, stat: Stat | null): [number, Stat][] {
  return stat ? [[pid, stat]] : [];
}

function readStat(pid: number): Stat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** The name, the second field, may itself hold spaces and parentheses. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = (from: number, to: number) =>
    fields.slice(from, to).reduce((total, field) => total + Number(field), 0);
  return {
    parent: Number(fields[1]),
    ms: ticks(11, 13) * MS_A_TICK,
    endedMs: ticks(13, 15) * MS_A_TICK,
  };
}

export function readRssBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} has no resident memory.`);
  return Number(kib) * 1024;
}
