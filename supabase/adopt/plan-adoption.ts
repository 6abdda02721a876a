/**
 * What has to be done so that a database has what the schemas describe, beside what it has. A pure
 * decision: nothing is read or written here.
 *
 * Objects of the project keep their names and their meaning. Where one has a name of ours, ours is
 * left out and the project's owner is told what does not work then.
 */
import {
  adaptTable,
  isOurs,
  LEDGER,
  missingColumns,
  withoutTenantReference,
} from "./adapt-table.ts";
import type { Existing } from "./catalogue.ts";
import { fillChildren } from "./fill-children.ts";
import { planFunction, signatureOf } from "./plan-function.ts";
import { planLimits } from "./plan-limits.ts";
import { planPrivileges } from "./plan-privileges.ts";
import { remarkOnProject } from "./remark-on-project.ts";
import type { Adoption, Remark, Step } from "./step.ts";
import type { Target, TargetOf } from "./target.ts";

/** `extras` are for projects that have runs or screens of the app already. */
export function planAdoption(
  target: readonly Target[],
  extras: readonly Target[],
  existing: Existing,
): Adoption {
  const tables = target.filter((one) => one.kind === "table");
  const theirs = new Set(
    tables
      .filter((one) => existing.tables.has(one.name) && !isOurs(one, existing))
      .map(({ name }) => name),
  );
  const all = [...target, ...extras.filter((one) => isNeeded(one, theirs, existing))];
  const leftOut = new Set(
    all.flatMap((one) =>
      one.kind === "function" && planFunction(one, existing).steps.length === 0
        ? [signatureOf(one)]
        : [],
    ),
  );
  const scene = { existing, theirs, leftOut, tables: tables.map(({ name }) => name), target };
  const parts = all.map((one) => planOne(one, scene));
  return {
    steps: parts.flatMap(({ steps }) => steps),
    remarks: [...parts.flatMap(({ remarks }) => remarks), ...remarkOnProject(existing, theirs)],
  };
}

const USER_TENANTS = "public.user_tenants";

/** The view and its privileges for a project without such a table, the rest for one with runs of its own. */
function isNeeded(extra: Target, theirs: ReadonlySet<string>, existing: Existing): boolean {
  if (extra.sql.includes(USER_TENANTS)) return !existing.tables.has(USER_TENANTS);
  return theirs.has(LEDGER);
}

export interface Scene {
  readonly existing: Existing;
  /** Tables that the project has of its own. */
  readonly theirs: ReadonlySet<string>;
  /** Functions whose names the project uses otherwise. */
  readonly leftOut: ReadonlySet<string>;
  readonly tables: readonly string[];
  readonly target: readonly Target[];
}

export interface Part {
  readonly steps: readonly Step[];
  readonly remarks: readonly Remark[];
}

const NOTHING: Part = { steps: [], remarks: [] };

function planOne(one: Target, scene: Scene): Part {
  const { existing, theirs } = scene;
  switch (one.kind) {
    case "defaults":
      // The project's privileges by default are its own. Ours are withdrawn object by object.
      return NOTHING;
    case "schema":
      // The record of the steps stands in it, so that it is there before the first of them.
      return NOTHING;
    case "type":
      return only(simple(one, existing.types.has(one.name), `drop type ${one.name}`));
    case "view":
      return only(closed(one, existing.views.has(one.name), `drop view ${one.name}`));
    case "table":
      return planTable(one, scene);
    case "function":
      return planFunction(one, existing);
    case "index":
      return only(indexStep(one, existing));
    case "trigger":
      return planTrigger(one, scene);
    case "policy":
      return planPolicy(one, scene);
    case "security":
      // Of the project's own tables the owner decides, and is told.
      return theirs.has(one.name) ? NOTHING : only(secure(one, existing));
    case "comment":
      return theirs.has(one.name) ? NOTHING : only(comment(one, existing));
    case "rows":
      return only(rowsStep(one, existing));
    case "grant":
      return { steps: planPrivileges(one.sql, scene), remarks: [] };
    case "limits":
      return { steps: planLimits(scene), remarks: [] };
    case "realtime":
      return { steps: publish(one.sql, existing), remarks: [] };
  }
}

const only = (step: Step): Part => ({ steps: [step], remarks: [] });

function simple({ kind, name, sql }: Target, isThere: boolean, undo: string): Step {
  return { id: `${kind} ${name}`, state: isThere ? "there" : "missing", sql: [sql], undo };
}

/** A hosted project opens every new object to everybody. */
function closed(target: TargetOf<"view" | "table">, isThere: boolean, undo: string): Step {
  const step = simple(target, isThere, undo);
  if (!target.name.startsWith("public.")) return step;
  const roles = "public, anon, authenticated, service_role";
  return { ...step, sql: [...step.sql, `revoke all on ${target.name} from ${roles}`] };
}

function comment({ name, column, sql }: TargetOf<"comment">, existing: Existing): Step {
  const isThere = existing.comments.has(`${name}.${column}`);
  return {
    id: `comment ${name}.${column}`,
    state: isThere ? "there" : "missing",
    sql: [sql],
    undo: null,
  };
}

/** Tables of the app that ours join. The names of all others are the kernel's alone. */
const ADOPTED = /^public\.(tenants|workspaces|workspace_members|agent_runs|cmo_(?!versions)\w+)$/;

function planTable(one: TargetOf<"table">, scene: Scene): Part {
  const { existing, theirs } = scene;
  if (existing.views.has(one.name) || (theirs.has(one.name) && !ADOPTED.test(one.name))) {
    const sentence =
      "The project has one that is not the kernel's. Rename it, then run this again.";
    return { steps: [], remarks: [{ about: one.name, sentence, weight: "stops" }] };
  }
  if (!theirs.has(one.name)) {
    const sql = withoutTenantReference(one.sql, existing);
    const isThere = existing.tables.has(one.name);
    const whole = closed({ ...one, sql }, isThere, `drop table ${one.name}`);
    // A later version of the kernel may have columns that the table of an earlier one has not.
    return { steps: [whole, ...(isThere ? missingColumns(one, existing) : [])], remarks: [] };
  }
  const { steps, remarks } = adaptTable(one, existing);
  const isColumn = ({ id }: Step): boolean => id.includes(" column ");
  return {
    // Rows that hang under others get their workspace before a constraint asks for it.
    steps: [
      ...steps.filter(isColumn),
      ...fillChildren(one, scene),
      ...steps.filter((step) => !isColumn(step)),
    ].map((step) => (existing.taken.has(step.id) ? { ...step, state: "there" } : step)),
    remarks,
  };
}

function indexStep(one: TargetOf<"index">, existing: Existing): Step {
  return simple(
    one,
    existing.indexes.has(`public.${one.name}`) || existing.indexes.has(`private.${one.name}`),
    `drop index ${one.table.split(".")[0]}.${one.name}`,
  );
}

/** What the app does with the status of its own rows stays as it is. */
const RULES_OF_STATUS = ["guard_status", "withdraw_approval"];

function planTrigger(one: TargetOf<"trigger">, { existing, theirs }: Scene): Part {
  const isTheirs = theirs.has(one.table);
  if (isTheirs && RULES_OF_STATUS.includes(one.name)) return NOTHING;
  const known = existing.triggers.get(`${one.table}.${one.name}`);
  const wanted = /execute function (private\.\w+)/.exec(one.sql)?.[1];
  if (known !== undefined && known !== wanted) {
    const sentence = `The project has a trigger of this name, which calls ${known}. Ours is left out.`;
    return { steps: [], remarks: [{ about: `${one.table}.${one.name}`, sentence }] };
  }
  const sql =
    isTheirs && one.table === LEDGER && one.name === "guard_run"
      ? one.sql.replace("for each row", "for each row when (old.phase is not null)")
      : one.sql;
  const undo = `drop trigger ${one.name} on ${one.table}`;
  return only({
    id: `trigger ${one.table}.${one.name}`,
    state: known === undefined ? "missing" : "there",
    sql: [sql],
    undo,
  });
}

function planPolicy(one: TargetOf<"policy">, { existing }: Scene): Part {
  const known = existing.policies.get(`${one.table}.${one.name}`);
  const id = `policy ${one.table}.${one.name}`;
  const isOther = known !== undefined && !/private\.my_|FROM workspaces w/.test(known.condition);
  if (isOther) {
    const sentence =
      "The project has a policy of this name that decides otherwise. Ours is left out. Rename yours.";
    return { steps: [], remarks: [{ about: `${one.table}.${one.name}`, sentence }] };
  }
  const undo = `drop policy ${one.name} on ${one.table}`;
  return only({ id, state: known === undefined ? "missing" : "there", sql: [one.sql], undo });
}

function secure(one: TargetOf<"security">, existing: Existing): Step {
  const isThere = existing.tables.get(one.name)?.isSecured === true;
  return {
    id: `security ${one.name}`,
    state: isThere ? "there" : "missing",
    sql: [one.sql],
    undo: null,
  };
}

function rowsStep(one: TargetOf<"rows">, existing: Existing): Step {
  const id = `rows ${one.name}`;
  const isThere = existing.taken.has(id) || existing.filled.has(one.name);
  return { id, state: isThere ? "there" : "missing", sql: [one.sql], undo: null };
}

function publish(sql: string, existing: Existing): Step[] {
  if (existing.published === null) return [];
  const names = [...sql.matchAll(/'([a-z_]+)'/g)].flatMap(([, name = ""]) =>
    /^(agent_runs|cmo_)/.test(name) ? [`public.${name}`] : [],
  );
  return names.map((name) => ({
    id: `realtime ${name}`,
    state: existing.published?.has(name) ? "there" : "missing",
    sql: [`alter publication supabase_realtime add table ${name}`],
    undo: `alter publication supabase_realtime drop table ${name}`,
  }));
}
