/**
 * Sends the commands of one turn of the event loop in one write.
 *
 * A system call costs more than a command. This costs less than the auto-pipelining of ioredis,
 * which builds a pipeline and waits for the next turn.
 */
import type { Redis } from "ioredis";

/** The result returns the connection. What is sent on it waits for the end of the turn. */
export function writeTogether(redis: Redis): () => Redis {
  let isCorked = false;
  return () => {
    if (isCorked || redis.status !== "ready") return redis;
    const { stream } = redis;
    isCorked = true;
    stream.cork();
    process.nextTick(() => {
      isCorked = false;
      stream.uncork();
    });
    return redis;
  };
}
