export { LiveEntry, type LogEntry, LoggedEntry } from "./logged-entry.ts";
export { createRunHub, type HubListener, type RunHub } from "./run-hub.ts";
export { type AppendResult, createRunLog, type RunLog } from "./run-log.ts";
export {
  createStreamSlots,
  type StreamHolder,
  type StreamSlot,
  type StreamSlots,
} from "./stream-slots.ts";
export { createStreamTickets, type StreamTickets, TICKET_SECONDS } from "./stream-tickets.ts";
