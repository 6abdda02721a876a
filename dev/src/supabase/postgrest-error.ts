/**
 * Maps database errors to PostgREST's answers. The stand-in knows some SQLSTATEs and answers 500 for
 * the others, including check violations and errors raised by functions. This file gives those their
 * own status through the `PGRST` error code.
 */

/** The stand-in answers these like PostgREST. */
const WELL_KNOWN = /^(PGRST|PT\d\d\d|42...|22...|21...|53...|55...|23505|23503|23502|25006)$/;
const SQLSTATE_LENGTH = 5;

export function toPostgrestError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const { code } = error;
  if (typeof code !== "string" || code.length !== SQLSTATE_LENGTH || WELL_KNOWN.test(code)) {
    return error;
  }
  const body = {
    code,
    message: error.message,
    details: textOf(error, "detail"),
    hint: textOf(error, "hint"),
  };
  return Object.assign(new Error(JSON.stringify(body), { cause: error }), {
    code: "PGRST",
    detail: JSON.stringify({ status: statusOf(code), headers: {} }),
  });
}

function statusOf(code: string): number {
  if (code === "P0001" || code.startsWith("23")) return 400;
  if (code.startsWith("28")) return 403;
  if (code.startsWith("08") || code === "57P01") return 503;
  return 500;
}

function textOf(error: Error, member: "detail" | "hint"): string | null {
  const value: unknown = Reflect.get(error, member);
  return typeof value === "string" ? value : null;
}
