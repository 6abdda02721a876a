/** How many runs the processes are subscribed to. It must return to the number at the start. */
import type { Arena } from "./arena.ts";
import { withRedis } from "./steps.ts";

export async function countSubscriptions(arena: Pick<Arena, "redisUrl">): Promise<number> {
  const channels = await withRedis(arena, (redis) => redis.pubsub("CHANNELS", "{run:*"));
  return channels.length;
}
