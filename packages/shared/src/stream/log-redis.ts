/** Connections to the Redis that holds the logs: one for commands, one for subscriptions. */
import { readFileSync } from "node:fs";
import { Redis, type Result } from "ioredis";
import { reconnectDelay, reportTrouble } from "../queue/redis.ts";
import type { Logger } from "../runtime/index.ts";

declare module "ioredis" {
  interface RedisCommander<Context> {
    appendEvents(...args: (string | number)[]): Result<[string, string], Context>;
    endLog(...args: (string | number)[]): Result<[string, string], Context>;
  }
}

const lua = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Commands fail after a second instead of waiting for a Redis that is away. */
export function connectForCommands(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
    scripts: {
      appendEvents: { numberOfKeys: 3, lua: lua("append.lua") },
      endLog: { numberOfKeys: 3, lua: lua("end.lua") },
    },
  });
  return reportTrouble(redis, log);
}

/** A subscriber reconnects for ever, and subscribes again by itself. */
export function connectForSubscriptions(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: reconnectDelay,
  });
  return reportTrouble(redis, log);
}
