/**
 * Opens the connections to Redis. For the queue, producers fail fast and consumers wait without
 * limit. For the logs, one connection sends commands and one receives messages.
 */
import { Redis, type Result } from "ioredis";
import type { Logger } from "../runtime/index.ts";

declare module "ioredis" {
  interface RedisCommander<Context> {
    appendEvents(...args: (string | number)[]): Result<[string, string], Context>;
    endLog(...args: (string | number)[]): Result<[string, string], Context>;
    holdSlots(...args: (string | number)[]): Result<string, Context>;
  }
}

/** The Lua sources of the commands that write a log. */
export interface LogScripts {
  readonly append: string;
  readonly end: string;
}

/** Fails fast, because the row is the outbox: a submit must not hang during an outage of Redis. */
export function connectProducer(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
  });
  return reportOutages(redis, log);
}

/** BullMQ blocks on this connection and requires unlimited retries. */
export function connectConsumer(url: string, log: Logger): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelay });
  return reportOutages(redis, log);
}

/** Commands fail after a second, so that nothing waits during an outage. */
export function connectForCommands(url: string, scripts: LogScripts, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
    scripts: {
      appendEvents: { numberOfKeys: 3, lua: scripts.append },
      endLog: { numberOfKeys: 3, lua: scripts.end },
    },
  });
  return reportOutages(redis, log);
}

/** Fails after a second as well: a stream that is opened waits for the answer. */
export function connectForSlots(url: string, script: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
    retryStrategy: reconnectDelay,
    scripts: { holdSlots: { numberOfKeys: 2, lua: script } },
  });
  return reportOutages(redis, log);
}

/** A subscriber reconnects without limit and renews its subscriptions by itself. */
export function connectForSubscriptions(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: reconnectDelay,
  });
  return reportOutages(redis, log);
}

/** Grows from 100 ms to one second. */
function reconnectDelay(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 5), 1000);
}

/** Logs the start and the end of an outage, and not every attempt to reconnect. */
function reportOutages(redis: Redis, log: Logger): Redis {
  let unavailable = false;
  redis.on("error", (error: Error) => {
    if (!unavailable) log.warn({ error }, "The connection to Redis was lost");
    unavailable = true;
  });
  redis.on("ready", () => {
    if (unavailable) log.info("The connection to Redis was restored");
    unavailable = false;
  });
  return redis;
}
