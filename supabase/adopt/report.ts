/** What people read of an adoption. */
import type { Adoption, Remark, Step } from "./step.ts";

const MARKS = {
  there: "there        ",
  missing: "would add    ",
  replaced: "would replace",
} as const;

export function describePlan({ steps, remarks }: Adoption, all: boolean, isBegun: boolean): string {
  const due = steps.filter(({ state }) => state !== "there");
  const older = due.filter(({ state }) => state === "replaced").length;
  const listed = all ? steps.map(({ state, id }) => `  ${MARKS[state]} ${id}`) : summarize(due);
  return [
    ...listed,
    ...describeRemarks(remarks),
    ...(isBegun && due.length > 0
      ? ["An adoption was begun here and is not finished, or is of an older version."]
      : []),
    `${due.length} of ${steps.length} steps to take${older > 0 ? `, ${older} of them replace an older version` : ""}. ${next(due, remarks)}`,
    "Nothing was changed.",
  ].join("\n");
}

function next(due: readonly Step[], remarks: readonly Remark[]): string {
  if (remarks.some(({ weight }) => weight === "stops")) return "First mend what stops it, above.";
  return due.length === 0 ? "There is nothing to do." : "Next: npm run db:adopt -- apply";
}

/** A line for each table, with what it would get. */
function summarize(steps: readonly Step[]): string[] {
  const places = Map.groupBy(steps, ({ id }) => placeOf(id));
  return [...places].map(([place, alike]) => {
    const isNew = alike.some(({ id }) => id === `table ${place}`);
    return isNew ? `  ${place}: a new table` : `  ${place}: ${countKinds(alike)}`;
  });
}

const TABLE =
  /(?:^|\s)((?:public|private)\.(?:agent_run\w*|cmo_\w+|tenants|workspace\w*|pipelines|workers|run_\w+|sweep_state|idempotency_keys|user_tenants))\b/;

function placeOf(id: string): string {
  const table = id.startsWith("function ") ? undefined : TABLE.exec(id)?.[1];
  return table ?? "functions and privileges";
}

function countKinds(steps: readonly Step[]): string {
  const kinds = Map.groupBy(steps, ({ id }) => kindOf(id));
  return [...kinds]
    .map(([[one, more], { length }]) => `${length} ${length === 1 ? one : more}`)
    .join(", ");
}

type Words = readonly [one: string, more: string];

const COLUMNS: Words = ["column", "columns"];
const OLD_ROWS: Words = ["check of the rows that are there", "checks of the rows that are there"];
const RULES: Words = ["rule", "rules"];
const OTHERS: Words = ["other change", "other changes"];
const KINDS: Readonly<Record<string, Words>> = {
  function: ["function", "functions"],
  grant: ["privilege", "privileges"],
  index: ["index", "indexes"],
  policy: ["policy", "policies"],
  realtime: ["live update", "live updates"],
  security: ["row level security", "row level securities"],
  trigger: ["trigger", "triggers"],
  view: ["view", "views"],
};

function kindOf(id: string): Words {
  if (id.includes(" column ")) return COLUMNS;
  if (id.includes(" validated")) return OLD_ROWS;
  if (id.startsWith("limits ") || id.includes(" constraint ")) return RULES;
  return KINDS[id.split(" ")[0] ?? ""] ?? OTHERS;
}

const HEADINGS = [
  ["stops", "Stops it:"],
  ["open", "Open to too many, mend this:"],
  [undefined, "Good to know:"],
] as const;

function describeRemarks(remarks: readonly Remark[]): string[] {
  return HEADINGS.flatMap(([weight, heading]) => {
    const lines = remarks.filter((one) => one.weight === weight);
    return lines.length === 0
      ? []
      : [heading, ...lines.map(({ about, sentence }) => `  ${about}: ${sentence}`)];
  });
}

export function describeEnd(left: readonly Remark[]): string {
  if (left.length === 0) {
    return "Done. Next: start the API and a worker (docs/quickstart-existing-app.md, step 3).";
  }
  return [
    `Done, except ${left.length} ${left.length === 1 ? "step" : "steps"}:`,
    ...left.map(({ about, sentence }) => `  ${about}: ${sentence}`),
  ].join("\n");
}
