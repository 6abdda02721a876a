/** Finds the limits of a tenant that has none of its own, with their comments, in a SQL source. */
import { formatValue, type Limit } from "./limit.ts";

const DEFAULTS = /insert into private\.tenant_limits \(([^)]+)\)\s*values \(([^)]+)\)/;
const COMMENT = /comment on column private\.tenant_limits\.(\w+) is\s+'((?:[^']|'')*)'/g;

export function findTenantLimits(path: string, source: string): readonly Limit[] {
  const [, names = "", values = ""] = DEFAULTS.exec(source) ?? [];
  const reasons = new Map(
    [...source.matchAll(COMMENT)].map(([, name = "", text = ""]) => [
      name,
      text.replaceAll("''", "'").replace(/\s+/g, " "),
    ]),
  );
  const numbers = values.split(",").map(Number);
  return names
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name, index) => ({
      name,
      value: formatValue(name, numbers[index] ?? Number.NaN),
      reason: reasons.get(name) ?? "",
      path,
    }));
}
