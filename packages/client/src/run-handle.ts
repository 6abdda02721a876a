/** One run: its events, its output, and what can be done with it. */
import { CmoError } from "./errors.ts";
import { type FollowOptions, follow } from "./follow.ts";
import type { Http } from "./http.ts";
import {
  type EndingEvent,
  isEnding,
  type Mode,
  type OutputByMode,
  type Run,
  type RunEvent,
} from "./types.ts";

export interface RunHandle<M extends Mode = Mode> {
  readonly id: string;
  /** As it was when the handle was made. */
  readonly run: Run;
  /** Every event to the end, over as many connections as it takes. A loop that is left leaves the run alone. */
  events(options?: FollowOptions): AsyncGenerator<RunEvent>;
  /** The validated output. Throws `CmoError` when the run fails or is cancelled. */
  output(options?: FollowOptions): Promise<OutputByMode[M]>;
  /** The row as it is now. */
  read(options?: { readonly signal?: AbortSignal }): Promise<Run>;
  /** Asks for the end of the run, and returns the row. Readers get the ending. */
  cancel(): Promise<Run>;
  /** A new run of the same request, after this one has ended. */
  retry(): Promise<RunHandle<M>>;
}

export function createRunHandle<M extends Mode>(http: Http, run: Run): RunHandle<M> {
  const path = `/v1/runs/${run.id}`;
  const post = (action: string) => http.json<Run>({ method: "POST", path: `${path}/${action}` });
  return {
    id: run.id,
    run,
    events: (options) => follow(http, run.id, options),
    async output(options) {
      for await (const event of follow(http, run.id, options)) {
        if (isEnding(event)) return outputOf<M>(run.id, event);
      }
      throw new CmoError("The stream ended without the run's ending.", {
        code: "network",
        retryable: true,
      });
    },
    read: (options) => http.json<Run>({ path, signal: options?.signal }),
    cancel: () => post("cancel"),
    retry: async () => createRunHandle<M>(http, await post("retry")),
  };
}

function outputOf<M extends Mode>(runId: string, event: EndingEvent): OutputByMode[M] {
  if (event.type === "completed") return event.output as OutputByMode[M];
  if (event.type === "cancelled") {
    throw new CmoError("The run was cancelled.", { code: "run_cancelled", runId, retryable: true });
  }
  throw new CmoError(event.error, { code: event.code, runId, retryable: event.retryable });
}
