import type { ReaderEvent } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import { describe, expect, test } from "vitest";
import { deferStatus } from "./defer-status.ts";
import type { Source } from "./source.ts";

const delta = (text: string): ReaderEvent => ({
  type: "delta",
  id: "1-1",
  data: { text, offset: 0 },
});
const decides = (event: ReaderEvent) => event.type === "delta" && event.data.text === "decide";
const deferral = { decides, maxMs: 60_000, clock: systemClock };

/** Waits for `until` after the first event. `taken` holds the events that have been taken. */
function newSource(events: readonly ReaderEvent[], until?: Promise<void>) {
  const taken: ReaderEvent[] = [];
  const ended = Promise.withResolvers<void>();
  const source: Source<ReaderEvent> = async (send) => {
    for (const event of events) {
      if (!(await send(event))) break;
      taken.push(event);
      await until;
    }
    ended.resolve();
  };
  return { source, taken, ended: ended.promise };
}

async function textOf(events: Source<ReaderEvent>): Promise<string[]> {
  const texts: string[] = [];
  await events((event) => {
    if (event.type === "delta") texts.push(event.data.text);
    return true;
  });
  return texts;
}

describe("deferring the status", () => {
  const all = [delta("a"), delta("decide"), delta("y"), delta("z")];

  test("the deciding event is returned, and no event is lost or repeated", async () => {
    const { decision, events } = await deferStatus(newSource(all).source, deferral);
    expect(decision).toEqual(delta("decide"));
    expect(await textOf(events)).toEqual(["a", "decide", "y", "z"]);
  });

  test("a timeout decides nothing, and the later events wait for a reader", async () => {
    const later = Promise.withResolvers<void>();
    // The deferral ends when the first event has been buffered, whatever the clock says.
    const clock = { now: () => 0, sleep: () => new Promise<void>((end) => setImmediate(end)) };
    const { source, taken } = newSource(all, later.promise);
    const { decision, events } = await deferStatus(source, { decides, maxMs: 1, clock });
    expect(decision).toBeNull();
    later.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([delta("a")]);
    expect(await textOf(events)).toEqual(["a", "decide", "y", "z"]);
  });

  test("a reader that is not ready receives the buffered events first, each after the other", async () => {
    const { decision, events } = await deferStatus(newSource(all).source, deferral);
    expect(decision).toEqual(delta("decide"));
    const order: string[] = [];
    await events(async (event) => {
      const text = event.type === "delta" ? event.data.text : "";
      order.push(`send ${text}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`taken ${text}`);
      return true;
    });
    expect(order).toEqual(
      ["a", "decide", "y", "z"].flatMap((text) => [`send ${text}`, `taken ${text}`]),
    );
  });

  test("the source waits after the decision, and ends when nobody reads its events", async () => {
    const { source, taken, ended } = newSource(all);
    const { close } = await deferStatus(source, deferral);
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual([delta("a"), delta("decide")]);
    close();
    await ended;
    expect(taken).toEqual([delta("a"), delta("decide")]);
  });

  test("a reader that takes no more ends the source", async () => {
    const { source, taken, ended } = newSource(all);
    const { events } = await deferStatus(source, deferral);
    await events(() => false);
    await ended;
    expect(taken).toEqual([delta("a"), delta("decide")]);
  });

  test("a source that ends without a deciding event gives no decision", async () => {
    const { decision, events } = await deferStatus(newSource([delta("a")]).source, deferral);
    expect(decision).toBeNull();
    expect(await textOf(events)).toEqual(["a"]);
  });

  test("an error of the source is thrown, before the decision and after it", async () => {
    const brokenAfter = (event: ReaderEvent): Source<ReaderEvent> => {
      return async (send) => {
        await send(event);
        await send(event);
        throw new Error("away");
      };
    };
    await expect(deferStatus(brokenAfter(delta("a")), deferral)).rejects.toThrow("away");
    const { events } = await deferStatus(brokenAfter(delta("decide")), deferral);
    await expect(events(() => true)).rejects.toThrow("away");
  });
});
