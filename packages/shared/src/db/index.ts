export type { AuthClient, ServiceClient, UserClient } from "./clients.ts";
export { createAuthClient, createServiceClient, createUserClient } from "./clients.ts";
export { type Confirmation, confirmUser, pingDatabase } from "./confirm-user.ts";
export { countWorkers } from "./count-workers.ts";
export { DatabaseOutage } from "./database-error.ts";
export { type GatheredReads, gatherRunReads } from "./gather-run-reads.ts";
export {
  type AttemptText,
  type Claim,
  type ClaimedWork,
  createRunLedger,
  type NextClaim,
  type RunLedger,
  type RunRelease,
  type RunResult,
} from "./run-ledger.ts";
export type { Database } from "./types.gen.ts";
export { createUserMetrics, type UserMetrics } from "./user-metrics.ts";
export { createUserPipelines, type NewPipeline, type UserPipelines } from "./user-pipelines.ts";
export { createUserRuns, type NewRun, type RunQuery, type UserRuns } from "./user-runs.ts";
export { createUserWorkspaces, type UserWorkspaces } from "./user-workspaces.ts";
export {
  createWorkspaceDb,
  type ListOptions,
  type Row,
  type WorkspaceDb,
} from "./workspace-db.ts";
