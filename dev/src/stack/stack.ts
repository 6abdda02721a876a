/**
 * The whole system on one machine: PostgreSQL, Redis, a Supabase API, a gateway, the API and its
 * workers, started together and ended together.
 *
 * Five promises:
 * 1. `startStack` resolves when every part takes work; if one cannot start, those that did are
 *    ended, and the error says what to do next and shows that part's last lines.
 * 2. A part that ends unasked is started again, on the same port with the same data.
 * 3. `stop` ends everything in reverse order within a bounded time; twice is fine. A temporary
 *    data folder is gone afterwards.
 * 4. A supervisor that is killed leaves no process behind, and the next start works.
 * 5. What the caller's environment already names (a Supabase project, a Redis, a gateway) is used
 *    and not started, and never migrated, seeded or stopped.
 */

import { join } from "node:path";
import { createServiceLogs } from "../processes/service-logs.ts";
import { createSupervisor, type RunningProcess } from "../processes/supervisor.ts";
import { openDataFolder } from "./data-folder.ts";
import { writeProcessList } from "./process-list.ts";
import type { StackOptions, StackParts } from "./stack-options.ts";
import { startParts } from "./start-parts.ts";

export type { StackOptions, StackParts };

export interface Stack extends StackParts {
  readonly dataDir: string;
  /** A file for each process, with what it said since this start. */
  readonly logsDir: string;
  /** A JSON file with what `processes` returns, kept current, for tests in other processes. */
  readonly processFile: string;
  /** As they are now: a restarted process has another pid. */
  processes(): readonly RunningProcess[];
  /** Ends one process, such as "worker-1", and leaves it ended. */
  stopProcess(name: string): Promise<void>;
  /** Starts again what `stopProcess` ended. */
  startProcess(name: string): Promise<void>;
  stop(): Promise<void>;
  /** Ends everything at once and waits for nothing: for the second Ctrl-C. */
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
