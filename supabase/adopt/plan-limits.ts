/** The limits on the sizes of rows, on every table that is ours or adopted, and on no other. */
import type { Scene } from "./plan-adoption.ts";
import type { Step } from "./step.ts";

export function planLimits({ existing, tables }: Scene): Step[] {
  const limited = tables.filter((name) =>
    /^public\.(cmo_(?!versions)|tenants$|workspaces$)/.test(name),
  );
  return limited.flatMap((name) =>
    stepsOf(name, existing.taken.has(`limits ${name}`), isLimited(name, existing)),
  );
}

function isLimited(name: string, { tables }: Scene["existing"]): "no" | "new rows" | "all rows" {
  const limits = [...(tables.get(name)?.constraints ?? [])].filter(([key]) =>
    /_has_at_most_\d+_/.test(key),
  );
  if (limits.length === 0) return "no";
  return limits.every(([, { valid }]) => valid) ? "all rows" : "new rows";
}

function stepsOf(name: string, isTaken: boolean, limited: ReturnType<typeof isLimited>): Step[] {
  const missing = `l.table_name = '${name}'::regclass and not exists (select from pg_catalog.pg_constraint k
    where k.conrelid = l.table_name and k.conname = l.name)`;
  const drop = `l.table_name = '${name}'::regclass and exists (select from pg_catalog.pg_constraint k
    where k.conrelid = l.table_name and k.conname = l.name)`;
  return [
    {
      id: `limits ${name}`,
      state: isTaken || limited !== "no" ? "there" : "missing",
      sql: [
        forEachLimit(
          missing,
          "add constraint %I check (%s) not valid', v_limit.table_name, v_limit.name, v_limit.expression",
        ),
      ],
      undo: forEachLimit(drop, "drop constraint %I', v_limit.table_name, v_limit.name"),
    },
    {
      id: `limits ${name} validated`,
      state: limited === "all rows" ? "there" : "missing",
      sql: [forEachLimit(drop, "validate constraint %I', v_limit.table_name, v_limit.name")],
      undo: null,
      otherwise:
        "Rows that were there before are larger. They stay, and cannot be changed until they are shorter.",
    },
  ];
}

function forEachLimit(condition: string, action: string): string {
  return `do $limits$
declare
  v_limit record;
begin
  for v_limit in select l.* from private.size_limits() l where ${condition} loop
    execute format('alter table %s ${action});
  end loop;
end $limits$`;
}
