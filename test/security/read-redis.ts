/** Reads all that a Redis holds, whatever its type, as text. */
import type { Redis } from "ioredis";

export async function readRedis(redis: Redis, add: (key: string, text: string) => void) {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "COUNT", 500);
    for (const key of keys) add(key, `${key} ${JSON.stringify(await readKey(redis, key))}`);
    cursor = next;
  } while (cursor !== "0");
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === "string") return redis.get(key);
  if (type === "hash") return redis.hgetall(key);
  if (type === "list") return redis.lrange(key, 0, -1);
  if (type === "set") return redis.smembers(key);
  if (type === "zset") return redis.zrange(key, "0", "-1");
  if (type === "stream") return redis.xrange(key, "-", "+");
  // Gone since it was listed.
  return null;
}
