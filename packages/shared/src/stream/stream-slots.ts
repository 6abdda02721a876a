/**
 * Places for open streams: as many as a process can serve, and as many as a tenant and each of its
 * users may have open in all processes together.
 *
 * Promises:
 * 1. A place is given only while fewer than the limits are taken, however many ask at once.
 * 2. The places of a process that has crashed are free again after `HOLD_MS`.
 * 3. While Redis does not answer, the streams of this process alone are counted: an outage refuses
 *    nobody who has few streams. Afterwards every process enters what it holds.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { connectForSlots, watchAnswers } from "../redis/index.ts";
import type { Logger } from "../runtime/index.ts";

export interface StreamHolder {
  readonly tenantId: string;
  readonly userId: string;
  readonly maxTenantStreams: number;
  readonly maxUserStreams: number;
}

export type StreamSlot =
  | { readonly kind: "taken"; readonly release: () => void }
  /** Whose places are all taken. */
  | { readonly kind: "full"; readonly scope: "process" | "tenant" | "user" };

export interface StreamSlots {
  /** Without a holder, only the limit of the process applies. */
  take(holder: StreamHolder | null): Promise<StreamSlot>;
  /** Whether the streams of other processes are counted. */
  isReady(): boolean;
  close(): Promise<void>;
}

export interface StreamSlotsOptions {
  readonly url: string;
  readonly log: Logger;
  /** Of this process. */
  readonly maxStreams: number;
  readonly holdMs?: number;
}

/** Longer than an outage of a moment, short enough that a crash is forgotten by when a person retries. */
const HOLD_MS = 30_000;
/** Places are renewed so often while they are held that two renewals may be lost. */
const RENEWALS = 3;

const SCRIPT = readFileSync(new URL("hold-slots.lua", import.meta.url), "utf8");

export function createStreamSlots(options: StreamSlotsOptions): StreamSlots {
  const { url, log, maxStreams, holdMs = HOLD_MS } = options;
  const redis = connectForSlots(url, SCRIPT, log);
  const isReady = watchAnswers(redis, log);
  const held = newHeldStreams();
  let open = 0;

  const hold = (holder: StreamHolder, limits: readonly (number | "")[], streams: string[]) =>
    redis.holdSlots(...keysOf(holder), holdMs, ...limits, ...streams);

  async function tryHold(holder: StreamHolder, stream: string): Promise<string> {
    const { maxTenantStreams, maxUserStreams } = holder;
    try {
      // guards G13, G28: outage
      if (!isReady()) return held.whatIsFull(holder) ?? "taken";
      return await hold(holder, [maxTenantStreams, maxUserStreams], [stream]);
    } catch (error) {
      log.warn({ error }, "Open streams were counted in this process alone");
      return held.whatIsFull(holder) ?? "taken";
    }
  }

  const renewing = setInterval(() => {
    for (const { holder, streams } of held.all()) {
      // The next renewal repeats it.
      if (isReady()) hold(holder, ["", ""], streams).catch(() => {});
    }
  }, holdMs / RENEWALS);
  renewing.unref();

  return {
    async take(holder) {
      // guards G28: streams of a process
      if (open >= maxStreams) return { kind: "full", scope: "process" };
      open += 1;
      const stream = randomUUID();
      const answer = holder === null ? "taken" : await tryHold(holder, stream);
      if (answer === "user" || answer === "tenant") {
        open -= 1;
        return { kind: "full", scope: answer };
      }
      if (holder) held.add(holder, stream);
      const release = once(() => {
        open -= 1;
        if (!holder) return;
        held.remove(holder, stream);
        // A place whose release is lost expires.
        for (const key of keysOf(holder)) redis.zrem(key, stream).catch(() => {});
      });
      return { kind: "taken", release };
    },
    isReady,
    async close() {
      clearInterval(renewing);
      redis.disconnect();
    },
  };
}

/** One hash tag: the script needs both keys in one slot of a cluster. */
function keysOf({ tenantId, userId }: StreamHolder): [tenant: string, user: string] {
  return [`{streams:${tenantId}}:all`, `{streams:${tenantId}}:${userId}`];
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

interface HeldStreams {
  readonly holder: StreamHolder;
  readonly streams: Set<string>;
}

/** The streams of this process, by the user who has them open. */
function newHeldStreams() {
  const tenants = new Map<string, Map<string, HeldStreams>>();
  const usersOf = ({ tenantId }: StreamHolder): Map<string, HeldStreams> =>
    tenants.get(tenantId) ?? new Map<string, HeldStreams>();
  return {
    add(holder: StreamHolder, stream: string): void {
      const users = usersOf(holder);
      const streams = users.get(holder.userId)?.streams ?? new Set();
      tenants.set(
        holder.tenantId,
        users.set(holder.userId, { holder, streams: streams.add(stream) }),
      );
    },
    remove(holder: StreamHolder, stream: string): void {
      const users = usersOf(holder);
      const streams = users.get(holder.userId)?.streams;
      streams?.delete(stream);
      if (streams?.size === 0) users.delete(holder.userId);
      if (users.size === 0) tenants.delete(holder.tenantId);
    },
    whatIsFull(holder: StreamHolder): "user" | "tenant" | null {
      const users = [...usersOf(holder)].map(([id, { streams }]) => [id, streams.size] as const);
      const ofUser = users.find(([id]) => id === holder.userId)?.[1] ?? 0;
      const ofTenant = users.reduce((sum, [, count]) => sum + count, 0);
      if (ofUser >= holder.maxUserStreams) return "user";
      return ofTenant >= holder.maxTenantStreams ? "tenant" : null;
    },
    all: () =>
      [...tenants.values()].flatMap((users) =>
        [...users.values()].map(({ holder, streams }) => ({ holder, streams: [...streams] })),
      ),
  };
}
