/**
 * The characters of a JSON value when it is written out, without escapes. It is read off the value:
 * to write out a megabyte of rows only to measure it would block the event loop.
 */
export function jsonSize(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) size += jsonSize(item) + 1;
    return value.length > 0 ? size - 1 : size;
  }
  const members = Object.entries(value);
  for (const [name, member] of members) size += name.length + jsonSize(member) + 4;
  return members.length > 0 ? size - 1 : size;
}
