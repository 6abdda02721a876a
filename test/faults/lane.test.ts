import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createLane } from "./lane.ts";

/** A socket without a network: what is pushed is what it receives, and writes are collected. */
class Line extends Socket {
  readonly written: string[] = [];

  override write(bytes: Uint8Array | string): boolean {
    this.written.push(bytes.toString());
    return true;
  }
}

test("pieces are cut to the size that is set, and nothing is lost", () => {
  const from = new Line();
  const to = new Line();
  const weather = { stalled: false, delayMs: 0, pieceBytes: 3 };
  createLane({ from, to, weather, admit: () => true });
  from.emit("data", Buffer.from("12345678"));
  expect(to.written).toEqual(["123", "456", "78"]);
});

test("without a size, pieces pass as they came", () => {
  const from = new Line();
  const to = new Line();
  const weather = { stalled: false, delayMs: 0, pieceBytes: Number.POSITIVE_INFINITY };
  createLane({ from, to, weather, admit: () => true });
  from.emit("data", Buffer.from("12345678"));
  expect(to.written).toEqual(["12345678"]);
});
