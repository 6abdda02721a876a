/** Finds the request that a repair turn corrects: the first one of its attempt, which has the context. */
import { parseRequestId, type RecordedRequest, type RequestRecord } from "./request-record.ts";

const REPAIR = /^You are cmo-[\w-]+, correcting an answer/;

/** Null if the request is not a repair turn or its run is unknown. */
export function findCorrected(
  { requestId, messages }: RecordedRequest,
  record: RequestRecord,
): RecordedRequest | null {
  if (!messages.some(({ role, content }) => role === "system" && REPAIR.test(content))) return null;
  const { runId, attempt } = parseRequestId(requestId);
  const ofAttempt = record
    .ofRun(runId)
    .find((entry) => parseRequestId(entry.requestId).attempt === attempt);
  return ofAttempt?.requestId === requestId ? null : (ofAttempt ?? null);
}
