/** Tells whether a recorded process still runs. Pids are reused, so a pid alone is not enough. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { signalProcess } from "./child.ts";

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

/**
 * A text that no later process with the same pid shares; null if the process is gone or a zombie.
 * Without /proc, the pid itself is the identity.
 */
export function identifyProcess(pid: number): string | null {
  if (!signalProcess(pid, 0)) return null;
  const stat = readProcess(pid, "stat");
  if (stat === null) return String(pid);
  // The program's name is in parentheses and may contain blanks; the rest is plain fields.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[STATE_FIELD] === "Z" ? null : `${pid}-${fields[START_TIME_FIELD]}`;
}

/** Whether the command line of a running process contains this text. */
export function runsWith(pid: number, argument: string): boolean {
  const commandLine = readProcess(pid, "cmdline") ?? listProcess(pid);
  return commandLine.includes(argument);
}

function readProcess(pid: number, file: "stat" | "cmdline"): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // No /proc on this system, or the process has just exited.
    return null;
  }
}

function listProcess(pid: number): string {
  return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
}
