/**
 * Ends a server that an earlier supervisor left running. A server belongs to this stack if its pid
 * file is in the data folder and its command line names that folder.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { signalProcess } from "./child.ts";
import { identifyProcess, runsWith } from "./process-identity.ts";

const END_WITHIN_MS = 5_000;

export async function endLeftover(
  pidFile: string,
  folder: string,
  endSignal: NodeJS.Signals,
): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = parsePid(readFileSync(pidFile, "utf8"));
  if (pid !== null && runsWith(pid, folder)) await endProcess(pid, endSignal);
  // A server refuses to start if a stale pid file names a process that exists.
  rmSync(pidFile, { force: true });
}

/** The pid in the first line of a pid file, or null. */
export function parsePid(text: string): number | null {
  const pid = Number(text.split("\n", 1)[0]?.trim());
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

async function endProcess(pid: number, endSignal: NodeJS.Signals): Promise<void> {
  const identity = identifyProcess(pid);
  if (identity === null) return;
  signalProcess(pid, endSignal);
  const deadline = performance.now() + END_WITHIN_MS;
  while (identifyProcess(pid) === identity) {
    if (performance.now() > deadline) signalProcess(pid, "SIGKILL");
    await delay(20);
  }
}
