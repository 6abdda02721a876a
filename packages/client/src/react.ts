export { CmoProvider, type CmoProviderProps, useCmo } from "./react/provider.ts";
export type { RunState, RunStatus } from "./react/run-state.ts";
export type { SubmitOptions } from "./react/run-store.ts";
export { type UseRun, type UseRunOptions, useRun } from "./react/use-run.ts";
export { type RunsFilter, useRuns } from "./react/use-runs.ts";
