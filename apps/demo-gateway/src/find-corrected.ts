/** What a repair turn corrects: the first request of its run's attempt, which has all the context. */
import { parseRequestId, type RecordedRequest, type RequestRecord } from "./request-record.ts";

const REPAIR = /^You are cmo-[\w-]+, correcting an answer/;

/** Null for a request that is no repair turn, or whose run was not heard of before. */
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
