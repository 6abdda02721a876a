export { createRunHub, type HubListener, type LiveEntry, type RunHub } from "./run-hub.ts";
export {
  type AppendResult,
  createRunLog,
  type LogEntry,
  type LoggedEntry,
  type RunLog,
} from "./run-log.ts";
