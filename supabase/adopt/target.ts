/**
 * What a database has to have, read from the schema files: each statement, and what it makes. The
 * files are our own and of one style; a statement of an unknown kind is an error and not skipped.
 */
import { splitOutside, splitStatements, withoutComments } from "./split-statements.ts";

export interface Column {
  readonly name: string;
  /** All after the name: type, default and constraints. */
  readonly definition: string;
}

export interface TableConstraint {
  /** As the file names it, or as Postgres would. */
  readonly name: string;
  /** Without `constraint <name>`. */
  readonly definition: string;
}

interface OnTable {
  readonly table: string;
}

/** What each kind of statement says beside the name of what it makes. */
interface Parts {
  readonly schema: unknown;
  readonly type: unknown;
  readonly view: unknown;
  readonly table: {
    readonly columns: readonly Column[];
    readonly constraints: readonly TableConstraint[];
  };
  readonly function: { readonly arguments: string };
  readonly index: OnTable;
  readonly trigger: OnTable;
  readonly policy: OnTable;
  readonly security: unknown;
  readonly comment: { readonly column: string };
  readonly grant: unknown;
  readonly rows: unknown;
  readonly limits: unknown;
  readonly realtime: unknown;
  readonly defaults: unknown;
}

export type TargetOf<Kind extends keyof Parts> = {
  readonly [Each in Kind]: {
    readonly kind: Each;
    readonly name: string;
    readonly sql: string;
  } & Parts[Each];
}[Kind];

export type Target = TargetOf<keyof Parts>;

export function readTarget(schemas: readonly { readonly sql: string }[]): Target[] {
  return schemas.flatMap(({ sql }) => splitStatements(sql).map(readStatement));
}

const NAME = String.raw`([a-z_0-9]+\.[a-z_0-9]+)`;

const READERS: readonly (readonly [RegExp, (match: RegExpExecArray, sql: string) => Target])[] = [
  [/^create schema (\w+)/, ([, name = ""], sql) => ({ kind: "schema", name, sql })],
  [new RegExp(`^create type ${NAME}`), ([, name = ""], sql) => ({ kind: "type", name, sql })],
  [new RegExp(`^create view ${NAME}`), ([, name = ""], sql) => ({ kind: "view", name, sql })],
  [new RegExp(`^create table ${NAME}`), ([, name = ""], sql) => readTable(name, sql)],
  [new RegExp(`^create function ${NAME}`), ([, name = ""], sql) => readFunction(name, sql)],
  [
    new RegExp(String.raw`^create (?:unique )?index (\w+)\s+on ${NAME}`),
    ([, name = "", table = ""], sql) => ({ kind: "index", name, table, sql }),
  ],
  [
    new RegExp(String.raw`^create (?:constraint )?trigger (\w+)[\s\S]*?\son ${NAME}`),
    ([, name = "", table = ""], sql) => ({ kind: "trigger", name, table, sql }),
  ],
  [
    new RegExp(String.raw`^create policy (\w+) on ${NAME}`),
    ([, name = "", table = ""], sql) => ({ kind: "policy", name, table, sql }),
  ],
  [
    new RegExp(`^alter table ${NAME} enable row level security`),
    ([, name = ""], sql) => ({ kind: "security", name, sql }),
  ],
  [
    new RegExp(String.raw`^comment on column ${NAME}\.(\w+)`),
    ([, name = "", column = ""], sql) => ({ kind: "comment", name, column, sql }),
  ],
  [/^grant /, (_, sql) => ({ kind: "grant", name: oneLine(sql), sql })],
  [new RegExp(`^insert into ${NAME}`), ([, name = ""], sql) => ({ kind: "rows", name, sql })],
  [/^alter default privileges/, (_, sql) => ({ kind: "defaults", name: oneLine(sql), sql })],
  [
    /^do \$\$[\s\S]*private\.size_limits\(\)/,
    (_, sql) => ({ kind: "limits", name: "size limits", sql }),
  ],
  [/^do \$\$[\s\S]*supabase_realtime/, (_, sql) => ({ kind: "realtime", name: "realtime", sql })],
];

function readStatement(sql: string): Target {
  for (const [pattern, read] of READERS) {
    const match = pattern.exec(sql);
    if (match) return read(match, sql);
  }
  throw new Error(`The schemas have a statement that adoption does not know: ${sql.slice(0, 80)}`);
}

function readTable(name: string, sql: string): Target {
  const text = withoutComments(sql);
  const body = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")", endOfBody(text)));
  const parts = splitOutside(body, ",").map((part) => part.trim().replace(/\s+/g, " "));
  const isConstraint = (part: string): boolean =>
    /^(constraint|unique|primary key|foreign key|check)\b/.test(part);
  return {
    kind: "table",
    name,
    sql,
    columns: parts.filter((part) => !isConstraint(part)).map(readColumn),
    constraints: parts.filter(isConstraint).map((part) => readConstraint(name, part)),
  };
}

/** Before storage options such as `with (fillfactor = 80)`. */
function endOfBody(text: string): number {
  const options = /\)\s*with \([^()]*\)\s*$/.exec(text);
  return options ? options.index : text.length;
}

function readColumn(part: string): Column {
  const [, name = "", definition = ""] = /^(\w+) (.*)$/.exec(part) ?? [];
  return { name, definition };
}

function readConstraint(table: string, part: string): TableConstraint {
  const named = /^constraint (\w+) (.*)$/.exec(part);
  if (named) return { name: named[1] ?? "", definition: named[2] ?? "" };
  return { name: nameOfConstraint(table, part), definition: part };
}

/** What Postgres calls it: the table, its columns and the kind. At most 63 characters. */
export function nameOfConstraint(table: string, definition: string): string {
  const columns = (/\(([^)]*)\)/.exec(definition)?.[1] ?? "").split(",").map((one) => one.trim());
  const kind = definition.startsWith("foreign")
    ? "fkey"
    : definition.startsWith("check")
      ? "check"
      : "key";
  return `${[localName(table), ...columns].join("_").slice(0, 63 - kind.length - 1)}_${kind}`;
}

function readFunction(name: string, sql: string): Target {
  const opening = sql.indexOf("(");
  const [list = ""] = splitOutside(sql.slice(opening + 1), ";");
  return { kind: "function", name, sql, arguments: typesOf(untilClosing(list)) };
}

function untilClosing(text: string): string {
  let depth = 1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return text.slice(0, at);
  }
  return text;
}

/** `p_id uuid, p_limit integer default 20` → `uuid, integer`. */
function typesOf(list: string): string {
  return splitOutside(withoutComments(list), ",")
    .map((part) => part.trim().replace(/\s+/g, " "))
    .filter((part) => part !== "")
    .map((part) => part.replace(/ default .*$/, "").replace(/^\w+ /, ""))
    .join(", ");
}

export const localName = (name: string): string => name.slice(name.indexOf(".") + 1);

export const oneLine = (sql: string): string => withoutComments(sql).replace(/\s+/g, " ").trim();

/** Types as `format_type` prints them. */
export const spelledOut = (text: string): string =>
  text
    .replaceAll("timestamptz", "timestamp with time zone")
    .replaceAll(/(?<=[(\s,])public\.(\w+)/g, "$1");
