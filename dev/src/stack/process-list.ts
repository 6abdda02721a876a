/** Who runs under which number now, in a file: tests in other processes look it up to end them. */
import { renameSync, writeFileSync } from "node:fs";
import type { RunningProcess } from "../processes/supervisor.ts";

export function writeProcessList(file: string, processes: readonly RunningProcess[]): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(processes, null, 2)}\n`);
  // Renamed, so that no reader sees half of it.
  renameSync(draft, file);
}
