/**
 * A memory limit for a few processes, enforced by the kernel: a process that needs more is killed.
 * Uses a control group of either version.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";

export interface MemoryLimit {
  /** Precedes a program, so that it and its children are in the group from their first page. */
  readonly prefix: readonly string[];
  /** The memory in use by the group. */
  usedBytes(): number;
  set(bytes: number): void;
  /** How many processes of the group the kernel has killed. */
  kills(): number;
  /** Must be called when the group has no processes left. */
  close(): Promise<void>;
}

interface Files {
  readonly limit: string;
  readonly used: string;
  /** Has a line `oom_kill N`. */
  readonly events: string;
}

const ROOT = "/sys/fs/cgroup";
const V1: Files = {
  limit: "memory.limit_in_bytes",
  used: "memory.usage_in_bytes",
  events: "memory.oom_control",
};
const V2: Files = { limit: "memory.max", used: "memory.current", events: "memory.events" };

/** Why a limit is impossible here; null where it is possible. */
export function whyNoMemoryLimit(): string | null {
  if (process.getuid?.() !== 0) return "needs root, to limit the memory of a process";
  try {
    const probe = createMemoryLimit("cmo-kernel-probe");
    rmdirSync(probe.folder);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `needs a control group for memory, which this machine does not give: ${why}`;
  }
}

export function createMemoryLimit(name: string): MemoryLimit & { readonly folder: string } {
  const isFirst = existsSync(join(ROOT, "memory"));
  const files = isFirst ? V1 : V2;
  const parent = isFirst ? join(ROOT, "memory", ownGroup("memory")) : join(ROOT, ownGroup(""));
  const folder = join(parent, `${name}-${process.pid}`);
  mkdirSync(folder);
  if (!existsSync(join(folder, files.limit))) {
    rmdirSync(folder);
    throw new Error(`${parent} does not pass its memory controller on`);
  }
  const members = join(folder, "cgroup.procs");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return {
    folder,
    prefix: ["sh", "-c", `echo $$ > ${members} && exec "$@"`, "sh"],
    usedBytes: () => Number(read(files.used)),
    set: (bytes) => writeFileSync(join(folder, files.limit), String(Math.round(bytes))),
    kills: () => Number(/^oom_kill (\d+)$/m.exec(read(files.events))?.[1] ?? 0),
    close: async () => {
      await eventually(
        () => read("cgroup.procs"),
        (pids) => pids === "",
      );
      rmdirSync(folder);
    },
  };
}

/** The group that this process is in, below the root of its hierarchy. */
function ownGroup(controller: string): string {
  const lines = readFileSync("/proc/self/cgroup", "utf8").split("\n");
  const own = lines.map((line) => line.split(":")).find(([, names]) => names === controller);
  return own?.[2] ?? "/";
}
