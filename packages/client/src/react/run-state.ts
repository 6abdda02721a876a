/** What a component shows of a run: the view of its events, and what happened to it around them. */
import { CmoError, type Mode, type OutputByMode, type Run, type RunView } from "../index.ts";

export type RunStatus = "idle" | "submitting" | Run["status"];

export interface RunState<M extends Mode> extends Omit<RunView, "status" | "output" | "error"> {
  readonly status: RunStatus;
  readonly runId: string | null;
  /** Null until the run has completed. */
  readonly output: OutputByMode[M] | null;
  /** Why the run failed, or why it could not be submitted, followed or stopped. */
  readonly error: CmoError | null;
}

export interface RunParts {
  /** `refused`: there is no run. `known`: there is one, or there was one before a reload. */
  readonly phase: "idle" | "submitting" | "refused" | "known";
  readonly runId: string | null;
  readonly view: RunView;
  readonly problem: CmoError | null;
}

export function toState<M extends Mode>({ phase, runId, view, problem }: RunParts): RunState<M> {
  const output = view.output as OutputByMode[M] | null;
  return {
    ...view,
    status: statusOf(phase, view),
    runId,
    output,
    error: problem ?? failureOf(view, runId),
  };
}

function statusOf(phase: RunParts["phase"], view: RunView): RunStatus {
  if (phase === "refused") return "failed";
  return phase === "known" ? view.status : phase;
}

function failureOf({ error }: RunView, runId: string | null): CmoError | null {
  if (error === null) return null;
  const { message, ...fields } = error;
  return new CmoError(message, { ...fields, runId });
}

/** What the client throws, or what the application's own `getToken` does. */
export function toCmoError(thrown: unknown): CmoError {
  if (thrown instanceof CmoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new CmoError(message, { code: "unexpected" });
  error.cause = thrown;
  return error;
}
