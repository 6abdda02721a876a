/** Whether a process that was written down earlier is still the same one: numbers are reused. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { signalProcess } from "./child.ts";

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/**
 * A text that no later process with this number shares; null when the process is gone, or is
 * only waiting for its parent to take note. Without /proc, the number itself has to do.
 */
export function identifyProcess(pid: number): string | null {
  if (!signalProcess(pid, 0)) return null;
  const stat = readProcess(pid, "stat");
  if (stat === null) return String(pid);
  // The program's name stands in parentheses and may hold blanks; the rest is plain fields.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[STATE_FIELD] === "Z" ? null : `${pid}-${fields[START_TIME_FIELD]}`;
}

/** Whether a running process was started with this text among its arguments. */
export function runsWith(pid: number, argument: string): boolean {
  const commandLine = readProcess(pid, "cmdline") ?? listProcess(pid);
  return commandLine.includes(argument);
}

function readProcess(pid: number, file: "stat" | "cmdline"): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // No /proc on this system, or the process ended between two looks.
    return null;
  }
}

function listProcess(pid: number): string {
  return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
}
