export { createRunHub, type HubListener, type LiveEntry, type RunHub } from "./run-hub.ts";
export {
  type AppendResult,
  createRunLog,
  type LogEntry,
  type LoggedEntry,
  type RunLog,
  type RunWriter,
} from "./run-log.ts";
