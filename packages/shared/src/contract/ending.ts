/**
 * Makes the ending that readers receive from the row, and only here, whoever ended the run and
 * whatever the log contains. The same row always gives the same ending with the same id.
 */
import { ERROR_CODES, isErrorCode } from "./error-code.ts";
import { endIdOf, type TerminalEvent } from "./event.ts";
import type { Run } from "./run.ts";

/** Null while the run is in progress. */
export function endingOf(run: Run): (TerminalEvent & { id: string }) | null {
  const ending = toTerminalEvent(run);
  return ending && { ...ending, id: endIdOf(run.attempt) };
}

function toTerminalEvent(run: Run): TerminalEvent | null {
  const { text_length } = run;
  switch (run.status) {
    case "running":
      return null;
    case "cancelled":
      return { type: "cancelled", data: { text_length } };
    case "failed": {
      const code = run.error_code ?? "internal";
      const kind = ERROR_CODES[isErrorCode(code) ? code : "internal"];
      const error = run.error_message ?? kind.title;
      return { type: "failed", data: { code, error, retryable: kind.retryable, text_length } };
    }
    case "completed": {
      const { output, usage, artifacts, warnings } = run;
      const duration_ms = run.duration_ms ?? 0;
      const data = { output, usage, duration_ms, artifacts, warnings, text_length };
      return { type: "completed", data };
    }
  }
}
