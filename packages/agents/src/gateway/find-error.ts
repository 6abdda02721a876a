/**
 * Finds the error in a parsed body or chunk: `{error: {…}}`, `{error: "…"}`, `{error: […]}`,
 * `{errors: […]}`, `{detail: …}`, `{message, type, code}`, or an array that begins with one of them.
 */
import { isObject, memberOf } from "./json-value.ts";

/** Null if there is no error. A chunk with `choices` is an error only if it has an `error`. */
export function findError(body: unknown): unknown {
  const value = firstOf(body);
  const error = firstOf(memberOf(value, "error")) || firstOf(memberOf(value, "errors"));
  if (error) return error;
  if (!isObject(value) || value["choices"] !== undefined) return null;
  if (value["detail"]) return value["detail"];
  const isError = typeof value["message"] === "string" || value["object"] === "error";
  return isError ? value : null;
}

/** What the error says of itself; null if it says nothing that a reader could use. */
export function messageOf(error: unknown): string | null {
  if (typeof error === "string") return error || null;
  if (Array.isArray(error)) return messageOf(firstOf(error));
  for (const key of ["message", "error", "msg", "detail"]) {
    const text = memberOf(error, key);
    if (typeof text === "string" && text !== "") return text;
    if (isObject(text)) return messageOf(text);
  }
  const type = memberOf(error, "type");
  return typeof type === "string" ? type : null;
}

/** The first of several errors; of anything else, itself. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}
