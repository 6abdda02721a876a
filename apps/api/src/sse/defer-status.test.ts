import type { ReaderEvent } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { deferStatus } from "./defer-status.ts";

const delta = (text: string): ReaderEvent => ({
  type: "delta",
  id: "1-1",
  data: { text, offset: 0 },
});
const decides = (event: ReaderEvent) => event.type === "delta" && event.data.text === "decide";

async function* sourceOf(events: readonly ReaderEvent[], until?: Promise<void>) {
  yield* events.slice(0, 1);
  await until;
  yield* events.slice(1);
}

async function textOf(events: AsyncIterable<ReaderEvent>): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of events) if (event.type === "delta") texts.push(event.data.text);
  return texts;
}

describe("holding the status", () => {
  const all = [delta("a"), delta("decide"), delta("z")];

  test("the event that decides is told, and none is lost or repeated", async () => {
    const patience = { decides, deferMs: 60_000, clock: systemClock };
    const { decision, events } = await deferStatus(sourceOf(all), patience);
    expect(decision).toEqual(delta("decide"));
    expect(await textOf(events)).toEqual(["a", "decide", "z"]);
  });

  test("impatience decides nothing, and the event that was awaited still comes", async () => {
    const later = Promise.withResolvers<void>();
    // The patience ends when the first event has been held, whatever the clock says.
    const clock = { now: () => 0, sleep: () => new Promise<void>((end) => setImmediate(end)) };
    const { decision, events } = await deferStatus(sourceOf(all, later.promise), {
      decides,
      deferMs: 1,
      clock,
    });
    expect(decision).toBeNull();
    later.resolve();
    expect(await textOf(events)).toEqual(["a", "decide", "z"]);
  });

  test("a source that ends undecided is an answer without a decision", async () => {
    const patience = { decides, deferMs: 60_000, clock: systemClock };
    const { decision, events } = await deferStatus(sourceOf([delta("a")]), patience);
    expect(decision).toBeNull();
    expect(await textOf(events)).toEqual(["a"]);
  });

  test("what the source throws is thrown", async () => {
    async function* broken(): AsyncGenerator<ReaderEvent, void> {
      yield delta("a");
      throw new Error("away");
    }
    const patience = { decides, deferMs: 60_000, clock: systemClock };
    await expect(deferStatus(broken(), patience)).rejects.toThrow("away");
  });
});
