/** A second Redis that replicates the arena's, can miss its last writes, and can replace it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Child } from "../../dev/src/processes/child.ts";
import { findPort, LOOPBACK } from "../../dev/src/processes/ports.ts";
import { findRedisBinary } from "../../dev/src/redis/redis-binary.ts";
import { startRedis } from "../../dev/src/redis/start-redis.ts";
import { eventually } from "../support/eventually.ts";

export interface RedisReplica {
  readonly url: string;
  /** Later writes do not arrive. */
  stopFollowing(): Promise<void>;
  promote(): Promise<void>;
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 5_000;
/** Nothing listens on this port. */
const NOWHERE = 1;

/** Resolves when it holds everything that the other one holds. */
export async function startRedisReplica(sourceUrl: string): Promise<RedisReplica> {
  const folder = mkdtempSync(join(tmpdir(), "cmo-kernel-replica-"));
  const { signal } = new AbortController();
  const binary = await findRedisBinary({ signal, onNote: () => {} });
  const port = await findPort(0, new Set());
  let child: Child | null = null;
  await startRedis({ binary, folder, port, onLine: () => {} }, (started) => {
    child = started;
    return started;
  });
  const url = `redis://${LOOPBACK}:${port}`;
  const redis = new Redis(url);
  await redis.replicaof(LOOPBACK, Number(new URL(sourceUrl).port));
  await eventually(
    () => redis.info("replication"),
    (info) => info.includes("master_link_status:up"),
  );
  return {
    url,
    stopFollowing: async () => {
      await redis.replicaof(LOOPBACK, NOWHERE);
    },
    promote: async () => {
      await redis.replicaof("NO", "ONE");
    },
    stop: async () => {
      redis.disconnect();
      await child?.stop(STOP_WITHIN_MS);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
