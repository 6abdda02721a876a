/** Finds the one bearer token of a request. */
import { AppError } from "@cmo/shared/runtime";

/**
 * `rawHeaders` are names and values in turn, as they came: Node keeps only the first of two
 * Authorization headers, and a request that carries two is not one to guess about.
 */
export function findBearerToken(rawHeaders: readonly string[]): string {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "authorization",
  );
  if (values.length > 1) {
    throw new AppError("invalid_token", "Send one Authorization header, not several.");
  }
  const token = /^Bearer +(\S+) *$/i.exec(values[0] ?? "")?.[1];
  if (token === undefined) {
    throw new AppError(
      "missing_token",
      "Sign in, then send the session's access_token as `Authorization: Bearer <access_token>`.",
    );
  }
  return token;
}
