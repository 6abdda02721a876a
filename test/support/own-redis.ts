/** A Redis of a test's own, to be stopped, hung and emptied without disturbing anybody else's. */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Child } from "../../dev/src/processes/child.ts";
import { findPort, LOOPBACK } from "../../dev/src/processes/ports.ts";
import { findRedisBinary } from "../../dev/src/redis/redis-binary.ts";
import { startRedis } from "../../dev/src/redis/start-redis.ts";
import { closeAfter } from "./close-after.ts";
import { eventually } from "./eventually.ts";

export interface OwnRedis {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** It keeps its connections and answers nothing, until `resume`. */
  hang(): void;
  resume(): void;
}

const STOP_MS = 20_000;
/** Below those that the system gives to connections: none of these is taken before it is bound. */
const PORTS = { first: 20_000, count: 10_000 };
const reservePort = () => findPort(PORTS.first + randomInt(PORTS.count), new Set());

/** Its address is taken, but nothing listens there before `start`. */
export async function reserveRedis(
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), "own-redis-"));
  const { signal } = new AbortController();
  const binary = await findRedisBinary({ signal, onNote: () => {} });
  const port = await reservePort();
  let child: Child | null = null;

  const stop = async () => {
    child?.kill("SIGCONT");
    await child?.stop(STOP_MS);
    child = null;
  };
  closeAfter(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://${LOOPBACK}:${port}`,
    start: () =>
      startRedis({ binary, folder, port, settings, onLine: () => {} }, (started) => {
        child = started;
        return started;
      }),
    stop,
    hang: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
  };
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const redis = await reserveRedis();
  await redis.start();
  return redis;
}

/** A cluster of one node that holds all slots: what needs two of them is refused there. */
export async function startOwnCluster(): Promise<OwnRedis> {
  const cluster = await reserveRedis({
    "cluster-enabled": "yes",
    // Its default is 10 000 above the port, which may be no port at all.
    "cluster-port": String(await reservePort()),
  });
  await cluster.start();
  const admin = new Redis(cluster.url);
  try {
    await admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    const isUp = async () => String(await admin.call("CLUSTER", "INFO")).includes("state:ok");
    await eventually(isUp, Boolean);
  } finally {
    admin.disconnect();
  }
  return cluster;
}
