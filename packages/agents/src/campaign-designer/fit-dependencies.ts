/** What content must exist before other content: ids that are there, no circles, days in order. */
import { type Finding, fixed, open } from "../agent/finding.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Outline = CampaignDesignerOutput["content_outline"];

export function fitDependencies(given: Outline, told: Finding[]): Outline {
  const numbered = numberAnew(given, told);
  const linked = dropUnknown(numbered, told);
  tellCircle(linked, told);
  tellTooEarly(linked, told);
  return linked;
}

/** A repeated id is replaced where nothing refers to it: else nobody knows which one is meant. */
function numberAnew(given: Outline, told: Finding[]): Outline {
  const taken = new Set(given.map(({ content_id }) => content_id));
  const wanted = new Set(given.flatMap(({ dependencies }) => dependencies));
  const seen = new Set<string>();
  let next = 1;
  return given.map((piece, i) => {
    const id = piece.content_id;
    if (!seen.has(id)) {
      seen.add(id);
      return piece;
    }
    if (wanted.has(id)) {
      const message = `${id} is the id of two pieces, and others depend on it. Give each its own, and say which one is meant.`;
      told.push(open("duplicate", `content_outline[${i}].content_id`, message));
      return piece;
    }
    while (taken.has(`C${next}`)) next += 1;
    const content_id = `C${next}`;
    taken.add(content_id);
    told.push(fixed("duplicate", "content_outline", `A second ${id} is now ${content_id}.`));
    return { ...piece, content_id };
  });
}

function dropUnknown(given: Outline, told: Finding[]): Outline {
  const ids = new Set(given.map(({ content_id }) => content_id));
  const isGood = (piece: Outline[number], id: string) => ids.has(id) && id !== piece.content_id;
  if (given.every((piece) => piece.dependencies.every((id) => isGood(piece, id)))) return given;
  told.push(fixed("reference", "content_outline", "Dependencies on nothing were left out."));
  return given.map((piece) => ({
    ...piece,
    dependencies: piece.dependencies.filter((id) => isGood(piece, id)),
  }));
}

/** What is left when everything that can be made has been made waits for itself. */
function tellCircle(outline: Outline, told: Finding[]): void {
  let waiting = outline;
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    const open = new Set(waiting.map(({ content_id }) => content_id));
    waiting = waiting.filter(({ dependencies }) => dependencies.some((id) => open.has(id)));
  }
  if (waiting.length === 0) return;
  const ids = waiting.map(({ content_id }) => content_id).join(", ");
  const message = `${ids} wait for each other. Take out the dependency that closes the circle.`;
  told.push(open("order", "content_outline", message));
}

function tellTooEarly(outline: Outline, told: Finding[]): void {
  const dateOf = new Map(outline.map(({ content_id, publish_date }) => [content_id, publish_date]));
  outline.forEach(({ content_id, publish_date, dependencies }, i) => {
    const late = dependencies.find((id) => (dateOf.get(id) ?? "") > (publish_date ?? "9999"));
    if (late === undefined) return;
    const message = `${content_id} is published on ${publish_date}, before ${late}, which it needs, on ${dateOf.get(late)}. Change one of the dates.`;
    told.push(open("order", `content_outline[${i}].publish_date`, message));
  });
}
