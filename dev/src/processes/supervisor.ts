/** Runs a set of processes that start in stages and stop in reverse order. */
import { systemClock } from "@cmo/shared/runtime";
import { createKeeper, type Keeper, type KeptProcess } from "./keeper.ts";

interface StagedProcess extends KeptProcess {
  /** Stages stop from the highest to the lowest. Processes of one stage stop together. */
  readonly stage: number;
}

export interface RunningProcess {
  readonly name: string;
  /** Null between an end and the next start. */
  readonly pid: number | null;
}

export interface Supervisor {
  /** Aborts when the stop begins, for work outside these processes. */
  readonly signal: AbortSignal;
  /** Resolves when the process is ready. */
  keep(process: StagedProcess): Promise<void>;
  processes(): RunningProcess[];
  keeper(name: string): Keeper;
  /** Stops one stage after the other, each process within its deadline. Idempotent. */
  close(): Promise<void>;
  /** Kills everything without waiting. */
  kill(): void;
}

export interface SupervisorEvents {
  readonly onNote: (line: string) => void;
  readonly onChange: (processes: readonly RunningProcess[]) => void;
}

export function createSupervisor({ onNote, onChange }: SupervisorEvents): Supervisor {
  const kept: { stage: number; keeper: Keeper }[] = [];
  const ending = new AbortController();
  let closed: Promise<void> | null = null;

  const processes = (): RunningProcess[] =>
    kept.map(({ keeper }) => ({ name: keeper.name, pid: keeper.pid() }));

  async function endAll(): Promise<void> {
    ending.abort(new Error("The stack is stopping."));
    const stages = [...new Set(kept.map(({ stage }) => stage))].sort((a, b) => b - a);
    for (const stage of stages) {
      await Promise.all(
        kept.filter((one) => one.stage === stage).map(({ keeper }) => keeper.end()),
      );
    }
  }

  return {
    signal: ending.signal,
    processes,
    keep: ({ stage, ...process_ }) => {
      const keeper = createKeeper(process_, {
        signal: ending.signal,
        clock: systemClock,
        onNote,
        onChange: () => onChange(processes()),
      });
      kept.push({ stage, keeper });
      return keeper.start();
    },
    keeper: (name) => {
      const found = kept.find(({ keeper }) => keeper.name === name);
      if (found) return found.keeper;
      const names = kept.map(({ keeper }) => keeper.name).join(", ");
      throw new Error(`The stack has no process "${name}"; it has ${names}.`);
    },
    close: () => {
      closed ??= endAll();
      return closed;
    },
    kill: () => {
      ending.abort(new Error("The stack was killed."));
      for (const { keeper } of kept) keeper.kill();
    },
  };
}
