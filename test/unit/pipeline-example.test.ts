import { readFileSync } from "node:fs";
import { comparePipelineCursors, PIPELINE_MODES, parsePipelineCursor } from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { foldText, type ReceivedEvent, receiveEvents } from "../support/events.ts";

const recorded = readFileSync(new URL("../../docs/examples/pipeline.sse", import.meta.url));
const events = await Array.fromAsync(receiveEvents(new Response(recorded)));
const ending = events.at(-1);

/** The events of each step, from its announcement on. */
const steps = events.reduce<ReceivedEvent[][]>((found, event) => {
  if (event.type === "step") found.push([]);
  found.at(-1)?.push(event);
  return found;
}, []);

test("the documented chain goes through its four steps to one ending", () => {
  expect(events[0]).toMatchObject({ type: "pipeline", id: undefined });
  expect(steps.map(([begin]) => begin?.data["mode"])).toEqual(PIPELINE_MODES);
  const ended = events.filter(({ type }) => type === "step_ended");
  expect(ended.map(({ data }) => data["status"])).toEqual(PIPELINE_MODES.map(() => "completed"));
  expect(ending).toMatchObject({ type: "completed", id: "end" });
  expect(ending?.data["artifacts"]).toEqual(ended.flatMap(({ data }) => data["artifacts"]));
});

test("each step's events fold to the text that its run completed with", () => {
  for (const step of steps) {
    const end = step.find(({ type }) => type === "step_ended");
    const text = foldText(step);
    expect(text.length).toBeGreaterThan(0);
    expect(end?.data["text_length"]).toBe(text.length);
    expect(Object.keys(Object(end?.data["output"]))).toEqual(
      expect.arrayContaining(Object.keys(Object(JSON.parse(text)))),
    );
  }
});

test("its ids increase across the steps, to the end", () => {
  const ids = events.flatMap(({ id }) => id ?? []);
  expect(ids.at(-1)).toBe("end");
  const places = ids.slice(0, -1).map(parsePipelineCursor);
  places.slice(1).forEach((place, index) => {
    const before = places[index];
    if (!place || !before) throw new Error("every id is a cursor");
    expect(comparePipelineCursors(place, before)).toBeGreaterThan(0);
  });
});
