/**
 * How a table of ours joins one that the project has already: columns and constraints are added, and
 * nothing that is there is changed. The rows of the project may break a rule of ours. Then the rule
 * holds for what is written from now on.
 */
import type { Existing, ExistingTable } from "./catalogue.ts";
import { readColumnParts } from "./column-parts.ts";
import type { Remark, Step } from "./step.ts";
import {
  type Column,
  localName,
  nameOfConstraint,
  type TableConstraint,
  type TargetOf,
} from "./target.ts";

type TableTarget = TargetOf<"table">;

/** Rows of the app in this table stay without a phase, and no rule of the ledger holds for them. */
export const LEDGER = "public.agent_runs";

export interface Adapted {
  readonly steps: readonly Step[];
  readonly remarks: readonly Remark[];
}

export function adaptTable(target: TableTarget, existing: Existing): Adapted {
  const table = existing.tables.get(target.name);
  if (!table) throw new Error(`${target.name} does not exist.`);
  const columns = missingColumns(target, existing);
  const remarks = target.columns.flatMap((column) =>
    remarkOnType(target.name, column, table.columns.get(column.name)?.type),
  );
  const constraints = constraintsOf(target, table)
    .map((one) => withoutTenant(one, existing))
    .flatMap((constraint) => addConstraint(target.name, constraint, { table, existing }));
  return { steps: [...columns, ...constraints], remarks };
}

export function missingColumns({ name, columns }: TableTarget, existing: Existing): Step[] {
  const known = existing.tables.get(name)?.columns;
  return columns.flatMap((column) => (known?.has(column.name) ? [] : [addColumn(name, column)]));
}

/** Made by an earlier adoption, or by our migrations: with all columns and references of the schemas. */
export function isOurs(target: TableTarget, existing: Existing): boolean {
  const { name, columns, constraints } = target;
  if (existing.taken.has(`table ${name}`)) return true;
  const table = existing.tables.get(name);
  if (!table || [...existing.taken.keys()].some((step) => step.startsWith(`table ${name} `))) {
    return false;
  }
  const has = ({ definition }: TableConstraint): boolean =>
    definition.startsWith("check") ||
    [...table.constraints.values()].some((one) => sameText(one.definition, definition));
  return columns.every((column) => table.columns.has(column.name)) && constraints.every(has);
}

/**
 * A workspace of the app may belong to no tenant, so that rows cannot reference both. Triggers keep
 * the tenant of a row right.
 */
export function withoutTenantReference(sql: string, existing: Existing): string {
  if (existing.ownWorkspaces) return sql;
  return sql.replace(
    /foreign key \(workspace_id, tenant_id\)(\s+)references public\.workspaces \(id, tenant_id\)/g,
    "foreign key (workspace_id)$1references public.workspaces (id)",
  );
}

function withoutTenant(constraint: TableConstraint, existing: Existing): TableConstraint {
  const definition = withoutTenantReference(constraint.definition, existing);
  return definition === constraint.definition
    ? constraint
    : { name: constraint.name.replace("_tenant_id_fkey", "_fkey"), definition };
}

function addColumn(table: string, { name, definition }: Column): Step {
  const { type, fallback, generated, checks } = readColumnParts(definition);
  const add = `alter table ${table} add column ${name} ${type}${generated ? ` ${generated}` : ""}`;
  const undo = `alter table ${table} drop column ${name}`;
  const id = `table ${table} column ${name}`;
  const step = { id, state: "missing", undo } as const;
  if (fallback === null) return { ...step, sql: [add] };
  // A default that is set afterwards fills no row that is there.
  if (table === LEDGER) {
    return {
      ...step,
      sql: [add, `alter table ${table} alter column ${name} set default ${fallback}`],
    };
  }
  const notNull = /\bnot null\b/.test(definition) ? " not null" : "";
  const inline = checks.map((check) => ` check ${check}`).join("");
  return { ...step, sql: [`${add} default ${fallback}${notNull}${inline}`] };
}

const SPELLED: Readonly<Record<string, string>> = {
  timestamptz: "timestamp with time zone",
  "public.data_mode": "data_mode",
};

function remarkOnType(
  table: string,
  { name, definition }: Column,
  type: string | undefined,
): Remark[] {
  if (type === undefined) return [];
  const wanted = readColumnParts(definition).type;
  if ((SPELLED[wanted] ?? wanted) === type.replace(/^public\./, "")) return [];
  const about = `${table}.${name}`;
  if (wanted === "uuid" || type === "uuid") {
    const sentence = `It is ${type} and has to be ${wanted}. The kernel cannot work with this table.`;
    return [{ about, sentence, weight: "stops" }];
  }
  const sentence = `It is ${type}, and ours is ${wanted}. What the kernel writes there may be refused.`;
  return [{ about, sentence }];
}

/** The constraints of the table and of its columns, as far as they fit a table with rows of others. */
function constraintsOf(target: TableTarget, table: ExistingTable): TableConstraint[] {
  const ofColumns = target.columns.flatMap((column) =>
    constraintsOfColumn(target.name, column, table),
  );
  const ofTable = target.constraints.flatMap((one) => onPrimaryKey(target.name, one, table));
  const all = [...ofColumns, ...ofTable];
  return target.name === LEDGER ? [...all.map(forRunsAlone), wholeRun(target)] : all;
}

function constraintsOfColumn(
  table: string,
  { name, definition }: Column,
  existing: ExistingTable,
): TableConstraint[] {
  const { checks, isUnique, reference } = readColumnParts(definition);
  // A new column with a default brings its own checks.
  const isNew = !existing.columns.has(name) && table !== LEDGER;
  const named = checks.map((check, index) => ({
    name: `${localName(table)}_${name}_check${index || ""}`,
    definition: `check ${check}`,
  }));
  const others = [
    ...(isUnique ? [`unique (${name})`] : []),
    // Whose workspace belongs to which tenant, the app may leave open.
    ...(reference !== null && `${table}.${name}` !== "public.workspaces.tenant_id"
      ? [`foreign key (${name}) references ${reference}`]
      : []),
  ];
  return [
    ...(isNew ? [] : named),
    ...others.map((one) => ({ name: nameOfConstraint(table, one), definition: one })),
  ];
}

/** A table has one primary key; ours becomes a unique constraint beside the project's. */
function onPrimaryKey(
  name: string,
  constraint: TableConstraint,
  table: ExistingTable,
): TableConstraint[] {
  const { definition } = constraint;
  if (!definition.startsWith("primary key")) return [constraint];
  const same = [...table.constraints.values()].some((one) => sameText(one.definition, definition));
  const unique = definition.replace("primary key", "unique");
  return same ? [] : [{ name: nameOfConstraint(name, unique), definition: unique }];
}

function forRunsAlone({ name, definition }: TableConstraint): TableConstraint {
  if (!definition.startsWith("check")) return { name, definition };
  return { name, definition: `check (phase is null or ${definition.slice("check ".length)})` };
}

function wholeRun(target: TableTarget): TableConstraint {
  const required = target.columns
    .filter(({ definition }) => /\bnot null\b/.test(definition))
    .map(({ name }) => `${name} is not null`);
  return {
    name: `${localName(target.name)}_of_the_kernel_is_whole`,
    definition: `check (phase is null or (${required.join(" and ")}))`,
  };
}

interface Place {
  readonly table: ExistingTable;
  readonly existing: Existing;
}

/** The name under which a constraint is there or will be: the project may use ours for a rule of its own. */
function nameUsed(
  { name, definition }: TableConstraint,
  id: string,
  { table, existing }: Place,
): string {
  const { constraints } = table;
  const other = `kernel_${name}`.slice(0, 63);
  const [same] = [...constraints].find(([, one]) => sameText(one.definition, definition)) ?? [];
  if (same !== undefined) return same;
  if (constraints.has(other)) return other;
  return constraints.has(name) && !existing.taken.has(id) ? other : name;
}

function addConstraint(table: string, constraint: TableConstraint, place: Place): Step[] {
  const { name, definition } = constraint;
  const id = `table ${table} constraint ${name}`;
  const used = nameUsed(constraint, id, place);
  const undo = `alter table ${table} drop constraint ${used}`;
  const add = `alter table ${table} add constraint ${used} ${definition}`;
  const state = place.table.constraints.has(used) ? "there" : "missing";
  if (definition.startsWith("unique")) {
    return [
      {
        id,
        state,
        sql: [add],
        undo,
        otherwise: "Two rows are alike. Make them one, then run `apply` again.",
      },
    ];
  }
  const isValid = place.table.constraints.get(used)?.valid ?? false;
  return [
    { id, state, sql: [`${add} not valid`], undo },
    {
      id: `${id} validated`,
      state: isValid ? "there" : "missing",
      sql: [`alter table ${table} validate constraint ${used}`],
      undo: null,
      otherwise: `Rows that were there before do not keep to it${howToFind(table, definition)}. They stay, and cannot be changed until they do. New rows must keep to it.`,
    },
  ];
}

function howToFind(table: string, definition: string): string {
  return definition.startsWith("check ")
    ? `; find them with: select * from ${table} where not (${definition.slice("check ".length)})`
    : "";
}

/** As Postgres prints a definition and as a schema file writes it. */
function sameText(printed: string, written: string): boolean {
  return bare(printed) === bare(written);
}

const bare = (text: string): string =>
  text.toLowerCase().replace(/public\.|[\s()]|::text(\[\])?/g, "");
