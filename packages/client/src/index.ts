export {
  type Cmo,
  type CreateOptions,
  type CreatePipeline,
  type CreateRun,
  createCmo,
  type ListRuns,
  type UsageQuery,
} from "./client.ts";
export { CmoError } from "./errors.ts";
export { foldEvent, NOTHING_YET, type RunView } from "./fold.ts";
export type { FollowOptions } from "./follow.ts";
export type { CmoOptions } from "./http.ts";
export type { RunHandle } from "./run-handle.ts";
export type {
  Agent,
  InputByMode,
  Mode,
  OutputByMode,
  Pipeline,
  Run,
  RunEvent,
  RunPage,
  RunSummary,
  Usage,
  UsageReport,
  Warning,
  Workspace,
} from "./types.ts";
