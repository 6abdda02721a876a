/** Waits on a condition, never on time: asks until it holds, and says what was last seen. */
import { setTimeout as delay } from "node:timers/promises";

const EVERY_MS = 10;
/** A condition that will hold costs nothing to wait for, and a busy machine is late. */
const WITHIN_MS = 25_000;

export async function eventually<Value>(
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
  withinMs = WITHIN_MS,
): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(value)}`);
    }
    await delay(EVERY_MS);
  }
}
