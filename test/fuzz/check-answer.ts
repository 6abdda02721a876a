/** Checks that every response must pass. */
import { ERROR_CODES, isErrorCode, problemSchema, shownErrorOf } from "@cmo/shared/contract";
import { z } from "zod";

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
  const problem = answeredProblemSchema.safeParse(parse(text));
  if (!problem.success) return `It is not a problem document: ${text.slice(0, 500)}`;
  const { code, error, title, detail } = problem.data;
  if (!isErrorCode(code)) return `The code ${code} is not in the table.`;
  const kind = ERROR_CODES[code];
  if (kind.status !== status || problem.data.status !== status)
    return `The status of ${code} is not ${status}.`;
  if (title !== kind.title) return `The title of ${code} is not ${title}.`;
  const shown = typeof error === "string" ? error : error.message;
  const expected = typeof error === "string" ? shownErrorOf(code, detail) : detail;
  return shown === expected ? null : `The error of ${code} is not ${shown}.`;
}

/** The addresses of OpenAI's API answer with its object as the error. */
const answeredProblemSchema = problemSchema.extend({
  code: z.string(),
  error: z.union([
    z.string(),
    z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  ]),
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
