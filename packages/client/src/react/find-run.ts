/** Finds the run of an id that was kept. The network may be away for a while after a reload. */
import { type Cmo, CmoError, type Mode, type RunHandle } from "../index.ts";
import { backOffMs, pause } from "../wait.ts";

/** Throws `CmoError` of the status 404 when there is no such run of this mode. */
export async function findRun<M extends Mode>(
  cmo: Cmo,
  { mode, runId }: { readonly mode: M; readonly runId: string },
  signal: AbortSignal,
): Promise<RunHandle<M>> {
  for (let failures = 1; ; failures += 1) {
    try {
      const handle = await cmo.runs.get<M>(runId);
      signal.throwIfAborted();
      if (handle.run.mode === mode) return handle;
      throw new CmoError("The run is of another mode.", { code: "run_not_found", status: 404 });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CmoError && error.retryable)) throw error;
      await pause(backOffMs(failures, Math.random()), signal);
    }
  }
}
