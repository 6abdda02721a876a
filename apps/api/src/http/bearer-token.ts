/** Finds the bearer token of a request. */
import { AppError, expectedError } from "@cmo/shared/runtime";

/**
 * `rawHeaders` are alternating names and values, as received. Node.js keeps only the first of two
 * Authorization headers, and a request with two is ambiguous.
 */
export function findBearerToken(rawHeaders: readonly string[]): string {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "authorization",
  );
  if (values.length > 1) {
    throw new AppError("invalid_token", "The request has several Authorization headers. Send one.");
  }
  const token = /^Bearer +(\S+) *$/i.exec(values[0] ?? "")?.[1];
  if (token === undefined) throw expectedError("missing_token");
  return token;
}
