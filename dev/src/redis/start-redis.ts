/** Starts a Redis server on the loopback address that keeps its data over restarts. */
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { baseEnvironment } from "../processes/base-environment.ts";
import { type Child, spawnChild } from "../processes/child.ts";
import { endLeftover } from "../processes/leftover.ts";
import { LOOPBACK } from "../processes/ports.ts";
import type { RedisBinary } from "./redis-binary.ts";

export interface RedisOptions {
  readonly binary: RedisBinary;
  readonly folder: string;
  readonly port: number;
  /** Added to the default settings. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

const START_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 10;

export async function startRedis(
  { binary, folder, port, settings = {}, onLine }: RedisOptions,
  own: (child: Child) => Child,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const pidFile = join(folder, "redis.pid");
  await endLeftover(pidFile, folder, "SIGTERM");
  const child = own(
    await spawnChild({
      program: binary.program,
      args: toArguments({ folder, port, pidFile }, settings),
      environment: { ...baseEnvironment(), ...binary.environment },
      endSignal: "SIGTERM",
      onLine,
    }),
  );
  const deadline = performance.now() + START_WITHIN_MS;
  while (!(await answersPing(port))) {
    if (child.hasExited())
      throw new Error(`Redis exited during its start (${await child.exited}).`);
    if (performance.now() > deadline) throw new Error("Redis did not answer a PING in time.");
    await delay(LOOK_EVERY_MS);
  }
}

function toArguments(
  where: { folder: string; port: number; pidFile: string },
  more: Readonly<Record<string, string>>,
): string[] {
  const settings = {
    bind: LOOPBACK,
    port: String(where.port),
    dir: where.folder,
    pidfile: where.pidFile,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    // A queue must never lose jobs to make room.
    "maxmemory-policy": "noeviction",
    daemonize: "no",
    // Keeps the folder in its command line, by which a leftover server is recognized.
    "set-proc-title": "no",
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, LOOPBACK, () => socket.write("PING\r\n"));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(300, () => finish(false));
    socket.on("data", (data) => finish(data.toString().startsWith("+PONG")));
    socket.on("error", () => finish(false));
  });
}
