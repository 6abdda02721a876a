/** How much memory a process uses, as counted by Linux. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const KIB = 1024;

export function whyNoProcessMemory(): string | null {
  return existsSync("/proc/self/clear_refs")
    ? null
    : "needs Linux, which counts the memory of a process";
}

/** Starts to watch. The returned function gives the peak since then minus the memory at the start, in bytes. */
export function watchMemory(pid: number): () => number {
  // "5" resets the peak that the kernel remembers.
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const before = readBytes(pid, "VmRSS");
  return () => readBytes(pid, "VmHWM") - before;
}

function readBytes(pid: number, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} has no ${name} in its status.`);
  return Number(kib) * KIB;
}
