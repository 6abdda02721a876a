/** One run in a component: submit it, watch it, stop it, and find it again after a reload. */
import { useMemo, useSyncExternalStore } from "react";
import type { Mode } from "../index.ts";
import { KEEPS_NOTHING, keptIdAt } from "./kept-id.ts";
import { useProvided } from "./provider.ts";
import type { RunState } from "./run-state.ts";
import { RunStore } from "./run-store.ts";

export interface UseRunOptions<M extends Mode> {
  readonly mode: M;
  /** Keeps the run's id in `sessionStorage`, and continues that run when the component mounts. Default: false. */
  readonly resume?: boolean;
  /** The name under which the id is kept, for a second run of the same mode. Default: `cmo.run.<mode>`. */
  readonly key?: string;
}

export type UseRun<M extends Mode> = RunState<M> & Pick<RunStore<M>, "submit" | "stop">;

export function useRun<M extends Mode>({
  mode,
  resume = false,
  key = `cmo.run.${mode}`,
}: UseRunOptions<M>): UseRun<M> {
  const { cmo, runsChanged } = useProvided();
  const store = useMemo(() => {
    const keptId = resume ? keptIdAt(key) : KEEPS_NOTHING;
    return new RunStore({ cmo, mode, keptId, onChange: runsChanged.emit });
  }, [cmo, mode, resume, key, runsChanged]);
  const state = useSyncExternalStore(store.subscribe, store.read, store.read);
  return { ...state, submit: store.submit, stop: store.stop };
}
