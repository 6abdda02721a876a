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

describe("deferring the status", () => {
  const all = [delta("a"), delta("decide"), delta("z")];

  test("the deciding event is returned, and no event is lost or repeated", async () => {
    const deferral = { decides, maxMs: 60_000, clock: systemClock };
    const { decision, events } = await deferStatus(sourceOf(all), deferral);
    expect(decision).toEqual(delta("decide"));
    expect(await textOf(events)).toEqual(["a", "decide", "z"]);
  });

  test("a timeout decides nothing, and the pending event still follows", async () => {
    const later = Promise.withResolvers<void>();
    // The deferral ends when the first event has been buffered, whatever the clock says.
    const clock = { now: () => 0, sleep: () => new Promise<void>((end) => setImmediate(end)) };
    const { decision, events } = await deferStatus(sourceOf(all, later.promise), {
      decides,
      maxMs: 1,
      clock,
    });
    expect(decision).toBeNull();
    later.resolve();
    expect(await textOf(events)).toEqual(["a", "decide", "z"]);
  });

  test("a source that ends without a deciding event gives no decision", async () => {
    const deferral = { decides, maxMs: 60_000, clock: systemClock };
    const { decision, events } = await deferStatus(sourceOf([delta("a")]), deferral);
    expect(decision).toBeNull();
    expect(await textOf(events)).toEqual(["a"]);
  });

  test("an error of the source is thrown", async () => {
    async function* broken(): AsyncGenerator<ReaderEvent, void> {
      yield delta("a");
      throw new Error("away");
    }
    const deferral = { decides, maxMs: 60_000, clock: systemClock };
    await expect(deferStatus(broken(), deferral)).rejects.toThrow("away");
  });
});
