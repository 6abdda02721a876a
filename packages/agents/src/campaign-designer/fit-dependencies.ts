/** The dependencies between pieces of content: existing ids, no cycles, days in order. */
import { type Finding, fixed, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { replaceRepeatedIds } from "../marketing/replace-repeated-ids.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Outline = CampaignDesignerOutput["content_outline"];

export function fitDependencies(given: Outline): Fitted<Outline> {
  const { value, findings } = fitInSteps(given, [renumber, dropUnknown]);
  return { value, findings: [...findings, ...cycles(value), ...tooEarly(value)] };
}

/** A repeated id is replaced only if nothing refers to it: a reference would be ambiguous. */
function renumber(given: Outline): Fitted<Outline> {
  const wanted = new Set(given.flatMap(({ dependencies }) => dependencies));
  const { ids, replaced, kept } = replaceRepeatedIds(
    given.map(({ content_id }) => content_id),
    { nameOf: (number) => `C${number}`, isKept: (id) => wanted.has(id) },
  );
  return fitted(
    given.map((piece, i) => ({ ...piece, content_id: ids[i] ?? piece.content_id })),
    ...replaced.map(({ from, to }) =>
      fixed("duplicate", "content_outline", `A second ${from} is now ${to}.`),
    ),
    ...kept.map((i) => {
      const message = `${ids[i]} is the id of two pieces, and others depend on it. Give each its own, and say which one is meant.`;
      return open("duplicate", `content_outline[${i}].content_id`, message);
    }),
  );
}

function dropUnknown(given: Outline): Fitted<Outline> {
  const ids = new Set(given.map(({ content_id }) => content_id));
  const isGood = (piece: Outline[number], id: string) => ids.has(id) && id !== piece.content_id;
  if (given.every((piece) => piece.dependencies.every((id) => isGood(piece, id)))) {
    return fitted(given);
  }
  const outline = given.map((piece) => ({
    ...piece,
    dependencies: piece.dependencies.filter((id) => isGood(piece, id)),
  }));
  const message = "Dependencies on unknown ids were left out.";
  return fitted(outline, fixed("reference", "content_outline", message));
}

/** Removes every piece whose dependencies are complete. The rest depends on itself. */
function cycles(outline: Outline): readonly Finding[] {
  let rest = outline;
  for (let before = -1; before !== rest.length; ) {
    before = rest.length;
    const open = new Set(rest.map(({ content_id }) => content_id));
    rest = rest.filter(({ dependencies }) => dependencies.some((id) => open.has(id)));
  }
  if (rest.length === 0) return [];
  const ids = rest.map(({ content_id }) => content_id).join(", ");
  const message = `${ids} wait for each other. Take out the dependency that closes the circle.`;
  return [open("order", "content_outline", message)];
}

function tooEarly(outline: Outline): readonly Finding[] {
  const dateOf = new Map(outline.map(({ content_id, publish_date }) => [content_id, publish_date]));
  return outline.flatMap(({ content_id, publish_date, dependencies }, i) => {
    const late = dependencies.find((id) => (dateOf.get(id) ?? "") > (publish_date ?? "9999"));
    if (late === undefined) return [];
    const message = `${content_id} is published on ${publish_date}, before ${late}, which it needs, on ${dateOf.get(late)}. Change one of the dates.`;
    return [open("order", `content_outline[${i}].publish_date`, message)];
  });
}
