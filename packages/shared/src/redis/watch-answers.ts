/**
 * Watches whether Redis answers on one connection.
 *
 * A connection can be open and dead, because its server hangs or a firewall has dropped it. So each
 * connection is pinged once a second. With two pings unanswered it does not count as ready. With
 * three it is closed, because a new connection may work where this one does not.
 *
 * Pings are counted instead of seconds: a process that was suspended finds the answer waiting when
 * it resumes, and closes nothing.
 */
import type { Redis } from "ioredis";
import type { Logger } from "../runtime/index.ts";

/** As often as a heartbeat. */
const PING_INTERVAL_MS = 1000;
/** Unanswered pings. One may be late on a busy machine. */
const UNREADY_AFTER = 2;
/** Unanswered pings after which the connection is replaced. */
const CLOSED_AFTER = 3;

/** The result is true while the connection is open and answers. Watches until it is closed. */
export function watchAnswers(redis: Redis, log: Logger): () => boolean {
  let unanswered = 0;
  const answered = () => {
    unanswered = 0;
  };

  const pinging = setInterval(() => {
    if (unanswered >= CLOSED_AFTER) {
      log.warn("Redis left three pings unanswered; the connection was closed");
      unanswered = 0;
      // guards G6, G13: dead connection
      redis.stream.destroy();
      return;
    }
    // Counts before `ready` too: a server that hangs accepts connections and does not answer.
    if (["connect", "ready"].includes(redis.status)) unanswered += 1;
    if (redis.status === "ready") redis.ping().then(answered, () => {});
  }, PING_INTERVAL_MS);
  pinging.unref();
  redis.on("ready", answered);
  redis.on("end", () => clearInterval(pinging));
  // guards G22
  return () => redis.status === "ready" && unanswered < UNREADY_AFTER;
}
