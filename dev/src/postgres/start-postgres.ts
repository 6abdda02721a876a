/** Starts a PostgreSQL server on the loopback address from the binaries that npm installed. */
import { join } from "node:path";
import { baseEnvironment } from "../processes/base-environment.ts";
import { type Child, spawnChild } from "../processes/child.ts";
import { endLeftover } from "../processes/leftover.ts";
import { LOOPBACK } from "../processes/ports.ts";
import { createCluster } from "./create-cluster.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { leaveRoot } from "./unprivileged.ts";

export interface PostgresOptions {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  /** The data is temporary and need not survive a power cut. */
  readonly throwAway: boolean;
  readonly onLine: (line: string) => void;
}

const SETTINGS = [
  `listen_addresses=${LOOPBACK}`,
  "unix_socket_directories=",
  "timezone=UTC",
  "log_timezone=UTC",
  "lc_messages=C",
  "max_connections=100",
  "shared_buffers=64MB",
];

/** Commits still survive the death of the process, which tests kill. */
const THROW_AWAY_SETTINGS = ["fsync=off", "full_page_writes=off"];

/** The server's message once it accepts connections. `lc_messages` keeps it in English. */
const READY = "database system is ready to accept connections";

export async function startPostgres(
  options: PostgresOptions,
  own: (child: Child) => Child,
  signal: AbortSignal,
): Promise<void> {
  const binaries = findPostgresBinaries();
  const unprivileged = leaveRoot();
  const { folder, password } = options;
  await createCluster({ folder, password, binaries, unprivileged, signal });
  await endLeftover(join(folder, "postmaster.pid"), folder, "SIGINT");

  const settings = [...SETTINGS, ...(options.throwAway ? THROW_AWAY_SETTINGS : [])];
  const ready = Promise.withResolvers<void>();
  const child = own(
    await spawnChild({
      program: binaries.postgres,
      args: ["-D", folder, "-p", String(options.port), ...settings.flatMap((one) => ["-c", one])],
      environment: baseEnvironment(),
      prefix: unprivileged.prefix,
      ...(unprivileged.user ? { user: unprivileged.user } : {}),
      endSignal: "SIGINT",
      onLine: (line) => {
        options.onLine(line);
        if (line.includes(READY)) ready.resolve();
      },
    }),
  );
  const early = child.exited.then((end) => {
    throw new Error(`PostgreSQL exited during its start (${end}).`);
  });
  await Promise.race([ready.promise, early]);
}

export function toDatabaseUrl(port: number, password: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@${LOOPBACK}:${port}/postgres`;
}
