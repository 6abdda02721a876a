/**
 * The columns of ours that say to which workspace a row belongs, filled in the rows that were there
 * before. Only columns that this adoption adds are written; triggers of the project do not fire.
 */
import type { Scene } from "./plan-adoption.ts";
import type { Step } from "./step.ts";
import type { Target, TargetOf } from "./target.ts";

export function fillChildren(
  { name, columns }: TargetOf<"table">,
  { target, existing }: Scene,
): Step[] {
  const isNew = (column: string): boolean =>
    existing.taken.has(`table ${name} column ${column}`) ||
    !existing.tables.get(name)?.columns.has(column);
  const added = ["workspace_id", "tenant_id"].filter(
    (column) => columns.some((one) => one.name === column) && isNew(column),
  );
  const parent = parentOf(name, target);
  if (added.length === 0 || !parent) return [];
  const id = `table ${name} rows filled`;
  const sets = added.map((column) => `${column} = p.${column}`).join(", ");
  const update = `update ${name} t set ${sets} from public.${parent.table} p
    where p.id = t.${parent.column} and t.${added[0]} is null`;
  return [
    { id, state: "missing", sql: [silently(name, update)], undo: null },
    ...added.map((column) => ({
      id: `table ${name} not null ${column}`,
      state: "missing" as const,
      sql: [`alter table ${name} alter column ${column} set not null`],
      undo: `alter table ${name} alter column ${column} drop not null`,
      otherwise: "Some rows hang under nothing. Nobody sees them through the kernel.",
    })),
  ];
}

function parentOf(table: string, target: readonly Target[]) {
  for (const one of target) {
    if (one.kind !== "trigger" || one.table !== table) continue;
    const match = /fill_from_parent\('(\w+)', '(\w+)'\)/.exec(one.sql);
    if (match) return { table: match[1] ?? "", column: match[2] ?? "" };
  }
  return null;
}

/** `updated_at` of a row says when somebody edited it, and nobody has. */
function silently(table: string, update: string): string {
  return `do $fill$
declare
  v_names text[] := array(select tgname from pg_catalog.pg_trigger
    where tgrelid = '${table}'::regclass and not tgisinternal and tgenabled <> 'D');
  v_name text;
begin
  foreach v_name in array v_names loop
    execute format('alter table ${table} disable trigger %I', v_name);
  end loop;
  ${update};
  foreach v_name in array v_names loop
    execute format('alter table ${table} enable trigger %I', v_name);
  end loop;
end $fill$`;
}
