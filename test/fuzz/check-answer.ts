/** Checks that every response must pass. */
import { ERROR_CODES, isErrorCode, problemSchema, shownErrorOf } from "@cmo/shared/contract";

export interface FuzzAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly tookMs: number;
}

/** Far longer than any response should take. */
const SANE_MS = 5000;
/** Far more than a page of runs. */
const SANE_BYTES = 4 * 1024 * 1024;

/** What is wrong; null when nothing is. */
export function findFault({ status, contentType, text, tookMs }: FuzzAnswer): string | null {
  if (tookMs > SANE_MS) return `It took ${Math.round(tookMs)} ms.`;
  if (text.length > SANE_BYTES) return `It is ${text.length} characters long.`;
  if (status >= 500) return `It is a ${status}: ${text.slice(0, 500)}`;
  if (status < 400) return null;
  if (!contentType.startsWith("application/problem+json"))
    return `Its content type is ${contentType}.`;
  const problem = problemSchema.safeParse(parse(text));
  if (!problem.success) return `It is not a problem document: ${text.slice(0, 500)}`;
  const { code, error, title, detail } = problem.data;
  if (!isErrorCode(code)) return `The code ${code} is not in the table.`;
  const kind = ERROR_CODES[code];
  if (kind.status !== status || problem.data.status !== status)
    return `The status of ${code} is not ${status}.`;
  if (title !== kind.title) return `The title of ${code} is not ${title}.`;
  return shownErrorOf(code, detail) === error ? null : `The error of ${code} is not ${error}.`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
