/** Converts the ending of a run into the error of a request that waited for it. */
import { isErrorCode } from "@cmo/shared/contract";
import { AppError, expectedError } from "@cmo/shared/runtime";
import { RATE_LIMIT_RETRY_SECONDS } from "../../policy.ts";
import type { EndingEvent } from "../../sse/read-run.ts";

type BadEnding = Exclude<EndingEvent, { type: "completed" }>;

export function toRunError(ending: BadEnding, runId: string): AppError {
  const members = { run_id: runId };
  if (ending.type === "cancelled") {
    return expectedError("run_cancelled", { members });
  }
  const { code, error } = ending.data;
  if (!isErrorCode(code)) {
    return new AppError("internal", error, { members, cause: new Error(`Unknown code ${code}`) });
  }
  return code === "rate_limited"
    ? new AppError(code, error, { members, retryAfterSeconds: RATE_LIMIT_RETRY_SECONDS })
    : new AppError(code, error, { members });
}
