/**
 * Delivers the live entries of runs' logs to the readers of this process. One connection subscribes
 * for all of them, with reference-counted channels.
 *
 * Pub/sub messages are hints, and the log holds the data. Readers receive live messages as they
 * arrive. They are told to read the log whenever a message may have been missed: after a reconnect,
 * and every 15 seconds in any case.
 */

import {
  connectForCommands,
  connectForSubscriptions,
  type Redis,
  watchAnswers,
} from "../redis/index.ts";
import { type Clock, type Logger, within } from "../runtime/index.ts";
import { CANCEL_CHANNEL, keysOf } from "./keys.ts";
import { LOG_SCRIPTS } from "./log-scripts.ts";
import { LiveEntry } from "./logged-entry.ts";

export interface HubListener {
  live(entry: LiveEntry): void;
  /** A message may have been missed. */
  look(): void;
}

export interface RunHub {
  /** Resolves when the subscription is acknowledged, but no later than after a second. */
  attach(runId: string, listener: HubListener): Promise<() => void>;
  /** Announces a committed cancel to workers. Best effort: the heartbeat delivers it as well. */
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

/** How often the logs are read for messages that pub/sub has lost. */
const HEAL_MS = 15_000;
/** Readers look in turns, by the last digit of the run's id, and not all at once. */
const HEAL_TURNS = 16;
/** A subscription that Redis does not acknowledge in this time is not waited for. */
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
  let turn = 0;
  const heal = setInterval(() => {
    turn = (turn + 1) % HEAL_TURNS;
    for (const [channel, listeners] of readers) {
      if (turnOf(channel) === turn) for (const listener of listeners) listener.look();
    }
  }, healMs / HEAL_TURNS);
  heal.unref();

  // The connection does not know a channel whose subscription failed during an outage.
  subscriber.on("ready", () => {
    const channels = [...readers.keys(), ...(cancels.size > 0 ? [CANCEL_CHANNEL] : [])];
    if (channels.length === 0) return;
    // guards G8: reconnect
    subscriber.subscribe(...channels).then(lookAll, (error: unknown) => {
      log.warn({ error }, "The subscriptions were not renewed; readers poll the logs");
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
      // Every reader waits for its own acknowledgement, because that of the first may still be in
      // flight. Subscribing is idempotent.
      // guards G8: subscribe first
      await acknowledged(subscriber, channel, clock);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || readers.get(channel) !== listeners) return;
        readers.delete(channel);
        subscriber.unsubscribe(channel).catch(() => {
          // The connection is closed, and so are its subscriptions.
        });
      };
    },
    async announceCancel(runId) {
      try {
        await commands.publish(CANCEL_CHANNEL, runId);
      } catch (error) {
        log.warn({ error, runId }, "The cancel was not announced; a heartbeat will deliver it");
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

function turnOf(channel: string): number {
  return Number.parseInt(channel.charAt(channel.indexOf("}") - 1), HEAL_TURNS);
}

async function acknowledged(subscriber: Redis, channel: string, clock: Clock): Promise<void> {
  const subscribed = subscriber.subscribe(channel).catch(() => {
    // Redis is unavailable: `ready` subscribes again, and readers poll until then.
  });
  await within(clock, ACK_MS, subscribed);
}

function parseLive(message: string): LiveEntry | null {
  const [prev, id, type, data] = message.split("\n", 4);
  if (prev === undefined || id === undefined || type === undefined || data === undefined) {
    return null;
  }
  return new LiveEntry(prev, id, { type, data });
}
