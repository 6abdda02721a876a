/**
 * Starts and stops the whole system on one machine: PostgreSQL, Redis, a Supabase API, a gateway,
 * the API and its workers.
 *
 * Guarantees:
 * 1. `startStack` resolves when every part is ready. If a part cannot start, the others are stopped,
 *    and the error says what to do and shows the part's last lines.
 * 2. A part that exits unexpectedly is restarted on the same port with the same data.
 * 3. `stop` stops everything in reverse order within a bounded time. It is idempotent, and removes a
 *    temporary data folder.
 * 4. A killed supervisor leaves no process behind, and the next start works.
 * 5. Services that the caller's environment names (a Supabase project, a Redis, a gateway) are used,
 *    and never started, migrated, seeded or stopped.
 */

import { join } from "node:path";
import { createServiceLogs } from "../processes/service-logs.ts";
import { createSupervisor, type RunningProcess } from "../processes/supervisor.ts";
import { openDataFolder } from "./data-folder.ts";
import { writeProcessList } from "./process-list.ts";
import {
  type StackOptions,
  type StackParts,
  WITHOUT_LANES,
  WITHOUT_LIMITS,
} from "./stack-options.ts";
import { startParts } from "./start-parts.ts";

export { type StackOptions, type StackParts, WITHOUT_LANES, WITHOUT_LIMITS };

export interface Stack extends StackParts {
  readonly dataDir: string;
  /** Holds a file with the output of each process since this start. */
  readonly logsDir: string;
  /** A JSON file with the current result of `processes`, for tests in other processes. */
  readonly processFile: string;
  /** The current processes. A restarted process has another pid. */
  processes(): readonly RunningProcess[];
  /** Stops one process, such as "worker-1", until `startProcess`. */
  stopProcess(name: string): Promise<void>;
  /** Restarts a process that `stopProcess` stopped. */
  startProcess(name: string): Promise<void>;
  stop(): Promise<void>;
  /** Kills everything without waiting, for the second Ctrl-C. */
  kill(): void;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  options.signal?.throwIfAborted();
  const folder = openDataFolder(options.dataDir);
  const logsDir = join(folder.path, "logs");
  const processFile = join(folder.path, "processes.json");
  const logs = createServiceLogs({ path: logsDir, isTemporary: folder.isTemporary });
  const say = (name: string, line: string): void => {
    logs.write(name, line);
    options.onLine(name, line);
  };
  const supervisor = createSupervisor({
    onNote: (line) => say("stack", line),
    onChange: (processes) => writeProcessList(processFile, processes),
  });
  const stop = async (): Promise<void> => {
    await supervisor.close();
    await logs.close();
    folder.close();
  };
  const kill = (): void => {
    supervisor.kill();
    folder.close();
  };
  const stopEarly = (): void => void supervisor.close();
  options.signal?.addEventListener("abort", stopEarly);
  try {
    const parts = await startParts({ options, folder, supervisor, logs, say });
    return {
      ...parts,
      dataDir: folder.path,
      logsDir,
      processFile,
      processes: supervisor.processes,
      stopProcess: async (name) => supervisor.keeper(name).end(),
      startProcess: async (name) => supervisor.keeper(name).start(),
      stop,
      kill,
    };
  } catch (error) {
    await stop();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stopEarly);
  }
}
