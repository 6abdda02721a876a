import type { ReaderEvent } from "@cmo/shared/contract";
import { LiveEntry } from "@cmo/shared/stream";
import { describe, expect, test } from "vitest";
import { createReaderPosition } from "./reader-position.ts";
import { sendLive, sendLogged } from "./relay-entries.ts";
import type { Send, Taken } from "./source.ts";

/** The entries `1-0`, `1-1` … of a log, each with one letter. */
const letters = [..."abcdef"].map((text, seq) => {
  const data = JSON.stringify({ text, offset: seq });
  return new LiveEntry(seq === 0 ? "0-0" : `1-${seq - 1}`, `1-${seq}`, { type: "delta", data });
});
const live = (from: number, to: number) => letters.slice(from, to);

/** A reader of the letters. `answer` decides what a send returns. */
function newReader(answer: () => Taken = () => true) {
  let text = "";
  let reads = 0;
  const position = createReaderPosition(null);
  const send: Send<ReaderEvent> = (event) => {
    if (event.type === "delta") text += event.data.text;
    return answer();
  };
  const log = {
    async read(_runId: string, after: string | null) {
      reads += 1;
      return letters.filter((_, seq) => after === null || seq > Number(after.slice(2)));
    },
  };
  const relay = { log, runId: "run", position, send };
  return { relay, text: () => text, reads: () => reads };
}

describe("live entries", () => {
  test("a reader that is ready receives them in the same turn", () => {
    const { relay, text, reads } = newReader();
    expect(sendLive(relay, live(0, 3))).toBe(true);
    expect(text()).toBe("abc");
    expect(reads()).toBe(0);
  });

  test("a reader that is not ready receives each after the previous one was taken", async () => {
    const waiting: (() => void)[] = [];
    const { relay, text, reads } = newReader(
      () => new Promise((resolve) => waiting.push(() => resolve(true))),
    );
    const taken = sendLive(relay, live(0, 3));
    for (const shown of ["a", "ab", "abc"]) {
      expect(text()).toBe(shown);
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await taken).toBe(true);
    expect(text()).toBe("abc");
    expect(reads()).toBe(0);
  });

  test.each([
    ["at once", () => false],
    ["after it was waited for", async () => false],
  ])("a reader that takes no more receives nothing else (%s)", async (_, answer) => {
    const { relay, text } = newReader(answer);
    expect(await sendLive(relay, live(0, 3))).toBe(false);
    expect(await sendLogged(relay)).toBe(false);
    expect(text()).toBe("ab");
  });

  test("entries that the reader has are passed over, and a missing one is read from the log", async () => {
    const { relay, text, reads } = newReader();
    expect(sendLive(relay, live(0, 2))).toBe(true);
    expect(sendLive(relay, live(0, 3))).toBe(true);
    expect(reads()).toBe(0);
    expect(await sendLive(relay, live(4, 5))).toBe(true);
    expect(text()).toBe("abcdef");
    expect(sendLive(relay, live(3, 6))).toBe(true);
    expect(text()).toBe("abcdef");
    expect(reads()).toBe(1);
  });
});
