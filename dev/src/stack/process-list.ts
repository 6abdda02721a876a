/** Writes the current pids to a file, which tests in other processes read to kill them. */
import { renameSync, writeFileSync } from "node:fs";
import type { RunningProcess } from "../processes/supervisor.ts";

export function writeProcessList(file: string, processes: readonly RunningProcess[]): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(processes, null, 2)}\n`);
  // A rename, so that no reader sees half a file.
  renameSync(draft, file);
}
