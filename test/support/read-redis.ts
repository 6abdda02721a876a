/** Reads all that a Redis holds, whatever its type, as text. */
import type { Redis } from "ioredis";

export interface RedisEntry {
  readonly key: string;
  /** The key and its value. */
  readonly text: string;
}

export async function readRedis(redis: Redis): Promise<readonly RedisEntry[]> {
  const entries: RedisEntry[] = [];
  for await (const keys of redis.scanStream({ count: 500 })) {
    for (const key of keys) {
      entries.push({ key, text: `${key} ${JSON.stringify(await readKey(redis, key))}` });
    }
  }
  return entries;
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
