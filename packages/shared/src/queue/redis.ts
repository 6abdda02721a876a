/** Connections for BullMQ: producers fail fast, consumers wait for ever. */
import { Redis } from "ioredis";
import type { Logger } from "../runtime/index.ts";

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

/** Quick at first, then once a second. */
export function reconnectDelay(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 5), 1000);
}

/** Says once that Redis is away and once that it is back, not at every attempt to reconnect. */
export function reportTrouble(redis: Redis, log: Logger): Redis {
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
