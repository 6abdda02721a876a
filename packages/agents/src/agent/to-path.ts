/** A place in a value, such as `stages[2].budget`: as the error of an editor would write it. */
export function toPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
