/** How much memory a process holds, as Linux counts it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const KIB = 1024;

export function whyNoProcessMemory(): string | null {
  return existsSync("/proc/self/clear_refs")
    ? null
    : "needs Linux, which says what a process holds";
}

/** Watches from now on; the returned function says by how many bytes the peak has exceeded now. */
export function watchMemory(pid: number): () => number {
  // "5" makes the peak that the kernel remembers what is held now.
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const before = readBytes(pid, "VmRSS");
  return () => readBytes(pid, "VmHWM") - before;
}

function readBytes(pid: number, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} does not say its ${name}.`);
  return Number(kib) * KIB;
}
