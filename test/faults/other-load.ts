/**
 * How much of the machine's processor time others use, meaning every process that this one has not
 * started. What a scenario itself needs, such as its busy processes, is not counted.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The share of all processors, from 0 to 1; null where the operating system does not say. */
export type OtherLoad = number | null;

const TOTALS = "/proc/stat";

/** Starts to measure. The returned function gives the share since then. */
export function watchOtherLoad(): () => OtherLoad {
  if (!existsSync(TOTALS)) return () => null;
  const before = readTicks();
  return () => {
    const after = readTicks();
    const all = after.busy + after.idle - before.busy - before.idle;
    const others = after.busy - before.busy - (after.own - before.own);
    return all > 0 ? Math.max(0, others / all) : 0;
  };
}

/** In ticks of the kernel's clock. */
function readTicks() {
  return {
    ...parseTotals(readFileSync(TOTALS, "utf8")),
    own: ownTicks(readProcesses(), process.pid),
  };
}

/** The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. */
export function parseTotals(text: string): { readonly busy: number; readonly idle: number } {
  const [first = ""] = text.split("\n");
  const [, ...numbers] = first.trim().split(/\s+/).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, ...interrupts] = numbers;
  const [irq = 0, softirq = 0, steal = 0] = interrupts;
  return { busy: user + nice + system + irq + softirq + steal, idle: idle + iowait };
}

interface ProcessTicks {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and those of its children that have ended. */
  readonly ticks: number;
}

/** A line of `/proc/PID/stat`. The name in brackets may contain anything. */
export function parseProcess(line: string): ProcessTicks {
  const pid = Number.parseInt(line, 10);
  const [, parent, ...rest] = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = rest.slice(9, 13).reduce((sum, value) => sum + Number(value), 0);
  return { pid, parent: Number(parent), ticks };
}

/** Of a process and all its descendants. */
export function ownTicks(all: readonly ProcessTicks[], root: number): number {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const below = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + child.ticks + below(child.pid), 0);
  return (all.find(({ pid }) => pid === root)?.ticks ?? 0) + below(root);
}

function readProcesses(): ProcessTicks[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [parseProcess(readFileSync(`/proc/${pid}/stat`, "utf8"))];
    } catch {
      // It has ended since the folder was listed.
      return [];
    }
  });
}
