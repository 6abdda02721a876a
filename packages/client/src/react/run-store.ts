/**
 * One run for one component. React subscribes, renders `read()`, and leaves.
 *
 * 1. While somebody is subscribed, there is one reader of the run. It ends with the last subscription;
 *    the run continues.
 * 2. A submit replaces the run that was shown before, and leaves that run alone. The same submit again,
 *    before the first is answered, is the first: a double click, or an effect that strict mode repeats.
 * 3. Nothing here throws: what goes wrong is `error` of the state.
 */
import {
  type Cmo,
  type CmoError,
  type CreateOptions,
  type CreateRun,
  foldEvent,
  type InputByMode,
  type Mode,
  NOTHING_YET,
  type RunHandle,
} from "../index.ts";
import { findRun } from "./find-run.ts";
import type { KeptId } from "./kept-id.ts";
import { type RunParts, type RunState, toCmoError, toState } from "./run-state.ts";

/** Text that people read needs no more updates than this, and tokens arrive far more often. */
const SHOW_EVERY_MS = 50;

export type SubmitOptions = Pick<CreateRun<Mode>, "workspaceId" | "save"> &
  Pick<CreateOptions, "idempotencyKey">;

interface RunStoreOptions<M extends Mode> {
  readonly cmo: Cmo;
  readonly mode: M;
  readonly keptId: KeptId;
  /** A run began or ended. */
  readonly onChange: () => void;
}

/** One run, from its submission or from its kept id to its end. */
interface ShownRun<M extends Mode> extends RunParts {
  phase: RunParts["phase"];
  runId: string | null;
  view: RunParts["view"];
  problem: CmoError | null;
  handle: RunHandle<M> | null;
  reader: AbortController | null;
  isStopRequested: boolean;
}

interface Submission {
  readonly text: string;
  readonly done: Promise<void>;
}

function newShownRun<M extends Mode>(phase: RunParts["phase"], runId: string | null): ShownRun<M> {
  return {
    phase,
    runId,
    view: NOTHING_YET,
    problem: null,
    handle: null,
    reader: null,
    isStopRequested: false,
  };
}

export class RunStore<M extends Mode> {
  readonly #options: RunStoreOptions<M>;
  readonly #listeners = new Set<() => void>();
  #run: ShownRun<M> = newShownRun("idle", null);
  #state: RunState<M> = toState(this.#run);
  #submission: Submission | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: RunStoreOptions<M>) {
    this.#options = options;
  }

  readonly read = (): RunState<M> => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#begin();
    return () => {
      this.#listeners.delete(listener);
      // Strict mode unsubscribes and subscribes in one go: its reader stays.
      queueMicrotask(() => {
        if (this.#listeners.size === 0) this.#leave();
      });
    };
  };

  /** Resolves when the run is accepted or refused. */
  readonly submit = (payload?: InputByMode[M], options: SubmitOptions = {}): Promise<void> => {
    const text = JSON.stringify([payload, options]);
    if (this.#submission?.text === text) return this.#submission.done;
    const run = newShownRun<M>("submitting", null);
    this.#replace(run);
    this.#options.keptId.write(null);
    const done = this.#create(run, payload, options);
    this.#submission = { text, done };
    return done;
  };

  /** Cancels the run, also one that is just being submitted. The ending arrives as an event. */
  readonly stop = async (): Promise<void> => {
    const run = this.#run;
    const isOver = run.phase === "known" && run.view.status !== "running";
    if (run.phase === "idle" || run.phase === "refused" || isOver) return;
    run.isStopRequested = true;
    await this.#cancelIfRequested(run);
  };

  #begin(): void {
    const run = this.#run;
    const runId = run.runId ?? (run.phase === "idle" ? this.#options.keptId.read() : null);
    if (runId === null || run.reader !== null || run.view.status !== "running") return;
    if (run.phase === "known") void this.#follow(run, runId);
    else this.#replace(newShownRun("known", runId));
  }

  #replace(run: ShownRun<M>): void {
    this.#leave();
    this.#run = run;
    if (run.runId !== null) void this.#follow(run, run.runId);
    this.#show();
  }

  #leave(): void {
    this.#run.reader?.abort();
    this.#run.reader = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #create(
    run: ShownRun<M>,
    payload: InputByMode[M] | undefined,
    options: SubmitOptions,
  ): Promise<void> {
    const { cmo, mode } = this.#options;
    try {
      const body = { mode, ...options, ...(payload === undefined ? {} : { payload }) };
      run.handle = await cmo.runs.create<M>(body, options);
      run.runId = run.handle.id;
      run.phase = "known";
    } catch (error) {
      run.phase = "refused";
      run.problem = toCmoError(error);
    }
    if (run === this.#run) this.#accept(run);
    if (run.runId === null) return;
    void this.#cancelIfRequested(run);
    this.#options.onChange();
  }

  /** Shows the answer to the submit. A run whose component has gone is kept, and read when one comes. */
  #accept(run: ShownRun<M>): void {
    this.#submission = null;
    if (run.runId !== null) {
      this.#options.keptId.write(run.runId);
      if (this.#listeners.size > 0) void this.#follow(run, run.runId);
    }
    this.#show();
  }

  /** Reads from the beginning of the current attempt to the end of the run. */
  async #follow(run: ShownRun<M>, runId: string): Promise<void> {
    const { cmo, mode, onChange } = this.#options;
    const reader = new AbortController();
    run.reader = reader;
    run.view = NOTHING_YET;
    run.problem = null;
    try {
      run.handle ??= await findRun(cmo, { mode, runId }, reader.signal);
      void this.#cancelIfRequested(run);
      for await (const event of run.handle.events({ signal: reader.signal })) {
        if (reader.signal.aborted) return;
        run.view = foldEvent(run.view, event);
        this.#showSoon();
      }
      run.problem = null;
      this.#show();
      onChange();
    } catch (error) {
      if (!reader.signal.aborted) this.#giveUp(run, toCmoError(error));
    } finally {
      if (run.reader === reader) run.reader = null;
    }
  }

  /** A kept id that names no run of this user is forgotten; everything else is shown. */
  #giveUp(run: ShownRun<M>, problem: CmoError): void {
    if (run.handle === null && problem.status === 404) {
      this.#options.keptId.write(null);
      this.#replace(newShownRun("idle", null));
      return;
    }
    run.problem = problem;
    this.#show();
  }

  async #cancelIfRequested(run: ShownRun<M>): Promise<void> {
    if (!run.isStopRequested || run.handle === null) return;
    run.isStopRequested = false;
    try {
      await run.handle.cancel();
    } catch (error) {
      run.problem = toCmoError(error);
      if (run === this.#run) this.#show();
    }
  }

  #showSoon(): void {
    this.#timer ??= setTimeout(() => this.#show(), SHOW_EVERY_MS);
  }

  #show(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = toState(this.#run);
    for (const listener of this.#listeners) listener();
  }
}
