/**
 * Whether Redis answers, on one connection.
 *
 * A connection can be open and dead: its server hangs, or a firewall has forgotten it. So each is
 * asked once a second. One that leaves two questions unanswered does not count as ready; after
 * three it is broken off, because a new connection may work where this one never will again.
 *
 * Questions are counted, not seconds: a process that stood still itself finds the answer waiting
 * when it goes on, and breaks nothing off.
 */
import type { Redis } from "ioredis";
import type { Logger } from "../runtime/index.ts";

const ASK_EVERY_MS = 1000;
const UNREADY_AFTER = 2;
const BROKEN_OFF_AFTER = 3;

/** True while the connection is open and answers. Watches until the connection is closed. */
export function watchAnswers(redis: Redis, log: Logger): () => boolean {
  let unanswered = 0;
  const answered = () => {
    unanswered = 0;
  };

  const asking = setInterval(() => {
    if (unanswered >= BROKEN_OFF_AFTER) {
      log.warn("Redis left three questions unanswered; connecting anew");
      unanswered = 0;
      // guards G6, G13: dead connection
      redis.stream.destroy();
      return;
    }
    // Also before it is ready: a server that hangs takes connections and does not greet.
    if (["connect", "ready"].includes(redis.status)) unanswered += 1;
    if (redis.status === "ready") redis.ping().then(answered, () => {});
  }, ASK_EVERY_MS);
  asking.unref();
  redis.on("ready", answered);
  redis.on("end", () => clearInterval(asking));
  // guards G22
  return () => redis.status === "ready" && unanswered < UNREADY_AFTER;
}
