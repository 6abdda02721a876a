/** What people read of an adoption. */
import type { WayBack } from "./run-steps.ts";
import type { Adoption, Remark, Step } from "./step.ts";

export function describePlan({ steps, remarks }: Adoption, all: boolean): string {
  const of = (state: Step["state"]): Step[] => steps.filter((step) => step.state === state);
  const shown = steps.filter(({ state }) => all || state !== "there");
  return [
    `${of("there").length} there, ${of("missing").length} missing, ${of("replaced").length} older, ${remarks.length} to look at.`,
    ...shown.map(
      ({ state, id }) =>
        `  ${state === "there" ? "there   " : state === "missing" ? "would add" : "would replace"} ${id}`,
    ),
    describeRemarks(remarks),
    "Nothing was changed.",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

export function describeRemarks(remarks: readonly Remark[]): string {
  if (remarks.length === 0) return "";
  return ["To look at:", ...remarks.map(({ about, sentence }) => `  ${about}: ${sentence}`)].join(
    "\n",
  );
}

export function describeWayBack({ rows }: WayBack): string {
  const tables = [...rows].map(([table, count]) => `  ${table}: ${count}`);
  return [
    "These tables are the kernel's own and hold rows, which would go with them:",
    ...tables,
    "Copy what you need, then run it again with --drop-rows.",
  ].join("\n");
}
