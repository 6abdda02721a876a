/**
 * Every connection to Redis. For the queue: producers fail fast, consumers wait for ever. For the
 * logs: one for commands, one for subscriptions.
 */
import { Redis, type Result } from "ioredis";
import type { Logger } from "../runtime/index.ts";

declare module "ioredis" {
  interface RedisCommander<Context> {
    appendEvents(...args: (string | number)[]): Result<[string, string], Context>;
    endLog(...args: (string | number)[]): Result<[string, string], Context>;
  }
}

/** The Lua sources of the commands that write a log. */
export interface LogScripts {
  readonly append: string;
  readonly end: string;
}

/** A submit must not hang on a Redis that is away: the row is the outbox. */
export function connectProducer(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
  });
  return reportTrouble(redis, log);
}

/** BullMQ blocks on this one, and refuses any bound on retries. */
export function connectConsumer(url: string, log: Logger): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelay });
  return reportTrouble(redis, log);
}

/** Commands fail after a second instead of waiting for a Redis that is away. */
export function connectForCommands(url: string, scripts: LogScripts, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
    scripts: {
      appendEvents: { numberOfKeys: 3, lua: scripts.append },
      endLog: { numberOfKeys: 3, lua: scripts.end },
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

/** Quick at first, then once a second. */
function reconnectDelay(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 5), 1000);
}

/** Says once that Redis is away and once that it is back, not at every attempt to reconnect. */
function reportTrouble(redis: Redis, log: Logger): Redis {
  let away = false;
  redis.on("error", (error: Error) => {
    if (!away) log.warn({ error }, "Redis is away; reconnecting");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("Redis is back");
    away = false;
  });
  return redis;
}
