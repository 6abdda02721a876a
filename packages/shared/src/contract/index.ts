export {
  listRunsQuerySchema,
  type Problem,
  problemSchema,
  runPageSchema,
  submitRunSchema,
} from "./api.ts";
export {
  type AttemptCall,
  attemptCallSchema,
  type ValidationStep,
  type ValidationStepName,
  validationStepSchema,
} from "./attempt.ts";
export { type AttemptRef, attemptOf } from "./attempt-ref.ts";
export { toBoundedText, toWellFormedText, toWellFormedValue } from "./bounded-text.ts";
export { endingOf } from "./ending.ts";
export { ERROR_CODES, type ErrorCode, isErrorCode } from "./error-code.ts";
export {
  type DetailedErrorCode,
  ERROR_DETAILS,
  errorDetailOf,
  runContinuesDetail,
  shownErrorOf,
} from "./error-detail.ts";
export { ERROR_GUIDES, ERROR_SECTIONS } from "./error-guides.ts";
export {
  type Cursor,
  compareCursors,
  END_SEQ,
  type EventData,
  endIdOf,
  eventDataSchemas,
  parseCursor,
  parseRunEvent,
  type ReaderEvent,
  type RunEvent,
  type TerminalEvent,
  toEventId,
  type WorkEvent,
} from "./event.ts";
export { type GatewayLane, gatewayLaneSchema } from "./gateway-lane.ts";
export {
  type MetricsImported,
  type MetricsLine,
  metricsImportedSchema,
  metricsImportSchema,
} from "./metrics-import.ts";
export { AGENT_OF_MODE, type AgentName, RUN_MODES, type RunMode, toMode } from "./mode.ts";
export {
  PIPELINE_MODES,
  type Pipeline,
  pipelineRowSchema,
  pipelineSchema,
  submitPipelineSchema,
} from "./pipeline.ts";
export {
  comparePipelineCursors,
  PIPELINE_END,
  type PipelineCursor,
  type PipelineEnding,
  type PipelineEvent,
  parsePipelineCursor,
  pipelineEndingOf,
  STEP_BEGIN,
  stepBeginId,
  toPipelineEventId,
} from "./pipeline-event.ts";
export { type RateLimit, rateLimitSchema } from "./rate-limit.ts";
export {
  type ArtifactRef,
  isTerminal,
  RUN_STATUSES,
  RUN_TRANSITIONS,
  type Run,
  type RunStatus,
  type RunSummary,
  runSchema,
  runSummarySchema,
  type TerminalStatus,
  type Usage,
  usageSchema,
  type Warning,
} from "./run.ts";
export { pipelineStreamEventSchema, runStreamEventSchema } from "./stream-event.ts";
export {
  type TypicalCost,
  typicalCostSchema,
  USAGE_GROUPS,
  type UsageQuery,
  type UsageReport,
  usageQuerySchema,
  usageReportSchema,
} from "./usage.ts";
export {
  type NewWorkspace,
  newWorkspaceSchema,
  type Workspace,
  type WorkspaceList,
  workspaceListSchema,
  workspaceSchema,
} from "./workspace.ts";
