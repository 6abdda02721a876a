/** Reads the body of a response as its bytes arrive. */
import type { Readable } from "node:stream";

/** False ends the reading. The body waits for a promise. */
export type BytesTaker = (bytes: Uint8Array) => boolean | Promise<boolean>;

/**
 * Resolves when the body has ended or no more of it is wanted. Rejects with what the body or `take`
 * throws. When it settles, the connection is closed and `take` has finished.
 */
export function readBody(body: Readable, take: BytesTaker): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let taking: Promise<unknown> = Promise.resolve();

  function leave(error?: unknown): void {
    body.off("data", onData);
    // What the body throws from now on is a consequence.
    body.on("error", () => {}).destroy();
    const settle = () => (error === undefined ? resolve() : reject(error));
    taking.then(settle, settle);
  }
  function goOn(isWanted: boolean): void {
    if (isWanted) body.resume();
    else leave();
  }
  function onData(bytes: Uint8Array): void {
    try {
      const isWanted = take(bytes);
      if (typeof isWanted === "boolean") {
        if (!isWanted) leave();
        return;
      }
      body.pause();
      taking = isWanted;
      isWanted.then(goOn, leave);
    } catch (error) {
      leave(error);
    }
  }
  body.once("error", leave);
  body.once("end", () => leave());
  body.once("close", () => leave(new Error("The connection was closed before the end.")));
  body.on("data", onData);
  return promise;
}
