/** How many runs the processes listen to, which has to return to where it was: none. */
import type { Arena } from "./arena.ts";
import { withRedis } from "./steps.ts";

export async function countSubscriptions(arena: Pick<Arena, "redisUrl">): Promise<number> {
  const channels = await withRedis(arena, (redis) => redis.pubsub("CHANNELS", "{run:*"));
  return channels.length;
}
