/**
 * Tells the readers of this process that a log has grown: one subscriber connection, channels
 * counted by reference.
 *
 * Pub/sub is a hint, the log is the data. A reader is given live messages as they come, and is
 * told to look at the log whenever some may have been missed: when the connection is back, and
 * every 15 seconds whatever happened.
 */

import {
  connectForCommands,
  connectForSubscriptions,
  type Redis,
  watchAnswers,
} from "../redis/index.ts";
import type { Clock, Logger } from "../runtime/index.ts";
import { CANCEL_CHANNEL, keysOf } from "./keys.ts";
import { LOG_SCRIPTS } from "./log-scripts.ts";
import type { LoggedEntry } from "./run-log.ts";

export interface LiveEntry extends LoggedEntry {
  /** The id of the entry that this one follows. */
  readonly prev: string;
}

export interface HubListener {
  live(entry: LiveEntry): void;
  /** Something may have been missed. */
  look(): void;
}

export interface RunHub {
  /** Resolves when the subscription is acknowledged, or after a second when Redis is away. */
  attach(runId: string, listener: HubListener): Promise<() => void>;
  /** Tells the workers that a cancel was committed; best effort, the beat is the backstop. */
  announceCancel(runId: string): Promise<void>;
  onCancel(listener: (runId: string) => void): Promise<void>;
  isReady(): boolean;
  close(): Promise<void>;
}

export interface RunHubOptions {
  readonly url: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly healMs?: number;
}

const HEAL_MS = 15_000;
const ACK_MS = 1000;

export function createRunHub({ url, log, clock, healMs = HEAL_MS }: RunHubOptions): RunHub {
  const subscriber = connectForSubscriptions(url, log);
  const commands = connectForCommands(url, LOG_SCRIPTS, log);
  const isReady = watchAnswers(subscriber, log);
  watchAnswers(commands, log);
  const readers = new Map<string, Set<HubListener>>();
  const cancels = new Set<(runId: string) => void>();

  const lookAll = () => {
    for (const listeners of readers.values()) for (const listener of listeners) listener.look();
  };
  const heal = setInterval(lookAll, healMs);
  heal.unref();

  // A channel whose subscribing failed while Redis was away is not known to the connection.
  subscriber.on("ready", () => {
    const channels = [...readers.keys(), ...(cancels.size > 0 ? [CANCEL_CHANNEL] : [])];
    if (channels.length === 0) return;
    // guards G8: reconnect
    subscriber.subscribe(...channels).then(lookAll, (error: unknown) => {
      log.warn({ error }, "Subscribing again failed; readers look at the logs until it works");
    });
  });
  subscriber.on("message", (channel: string, message: string) => {
    if (channel === CANCEL_CHANNEL) for (const listener of cancels) listener(message);
    const entry = parseLive(message);
    if (entry) for (const listener of readers.get(channel) ?? []) listener.live(entry);
  });

  return {
    async attach(runId, listener) {
      const channel = keysOf(runId).live;
      const listeners = readers.get(channel) ?? new Set();
      readers.set(channel, listeners.add(listener));
      // Every reader waits for an acknowledgement of its own: the first one's may still be on its
      // way, and subscribing twice is once.
      // guards G8: subscribe first
      await acknowledged(subscriber, channel, clock);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || readers.get(channel) !== listeners) return;
        readers.delete(channel);
        subscriber.unsubscribe(channel).catch(() => {
          // The connection is gone, and its subscriptions with it.
        });
      };
    },
    async announceCancel(runId) {
      try {
        await commands.publish(CANCEL_CHANNEL, runId);
      } catch (error) {
        log.warn({ error, runId }, "The cancel hint was not sent; the worker's beat will tell it");
      }
    },
    async onCancel(listener) {
      cancels.add(listener);
      await acknowledged(subscriber, CANCEL_CHANNEL, clock);
    },
    isReady,
    async close() {
      clearInterval(heal);
      subscriber.disconnect();
      commands.disconnect();
    },
  };
}

async function acknowledged(subscriber: Redis, channel: string, clock: Clock): Promise<void> {
  const timeout = new AbortController();
  const subscribed = subscriber.subscribe(channel).then(
    () => timeout.abort(),
    // Redis is away: `ready` subscribes again, and readers poll until then.
    () => timeout.abort(),
  );
  await Promise.race([subscribed, clock.sleep(ACK_MS, timeout.signal)]);
}

function parseLive(message: string): LiveEntry | null {
  const [prev, id, type, data] = message.split("\n", 4);
  if (prev === undefined || id === undefined || type === undefined || data === undefined) {
    return null;
  }
  return { prev, id, type, data };
}
