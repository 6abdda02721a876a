/** Everything that Redis holds, as text: keys and values, of the queue and of all. */
import type { Redis } from "ioredis";

export async function readRedis(redis: Redis): Promise<{ everything: string; queue: string }> {
  const texts: string[] = [];
  const queue: string[] = [];
  for await (const keys of redis.scanStream({ count: 500 })) {
    for (const key of keys) {
      const text = `${key} ${JSON.stringify(await readValue(redis, String(key)))}`;
      texts.push(text);
      if (!text.startsWith("{run:")) queue.push(text);
    }
  }
  return { everything: texts.join("\n"), queue: queue.join("\n") };
}

async function readValue(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case "hash":
      return redis.hgetall(key);
    case "stream":
      return redis.xrange(key, "-", "+");
    case "list":
      return redis.lrange(key, 0, -1);
    case "zset":
      return redis.zrange(key, "0", "-1");
    case "set":
      return redis.smembers(key);
    default:
      return redis.get(key);
  }
}
