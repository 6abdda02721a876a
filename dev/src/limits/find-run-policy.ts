/** Finds the columns of `private.run_policy` with their defaults and comments in a SQL source. */
import { formatValue, type Limit } from "./limit.ts";

const TABLE = /create table private\.run_policy \(([\s\S]*?)\n\);/;
const COLUMN = /^\s*(\w+) (?:interval|integer|bigint)[^,\n]*? default (?:'([^']+)'|(\d+))/gm;
const COMMENT = /comment on column private\.run_policy\.(\w+) is\s+'((?:[^']|'')*)'/g;

export function findRunPolicy(path: string, source: string): readonly Limit[] {
  const [, columns = ""] = TABLE.exec(source) ?? [];
  const reasons = new Map(
    [...source.matchAll(COMMENT)].map(([, name = "", text = ""]) => [
      name,
      text.replaceAll("''", "'").replace(/\s+/g, " "),
    ]),
  );
  return [...columns.matchAll(COLUMN)].map(([, name = "", interval, count]) => ({
    name,
    value: interval ?? formatValue(name, Number(count)),
    reason: reasons.get(name) ?? "",
    path,
  }));
}
