/** Creates the data folder of PostgreSQL once. An incomplete folder is never put in place. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { baseEnvironment } from "../processes/base-environment.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import type { Unprivileged } from "./unprivileged.ts";

const run = promisify(execFile);

export interface NewCluster {
  readonly folder: string;
  readonly password: string;
  readonly binaries: PostgresBinaries;
  readonly unprivileged: Unprivileged;
  readonly signal: AbortSignal;
}

export async function createCluster(cluster: NewCluster): Promise<void> {
  if (existsSync(cluster.folder)) return;
  const draft = `${cluster.folder}.new`;
  const passwordFile = `${cluster.folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  cluster.unprivileged.hand(draft);
  cluster.unprivileged.hand(passwordFile);
  try {
    await initialize(cluster, draft, passwordFile);
    renameSync(draft, cluster.folder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function initialize(cluster: NewCluster, draft: string, passwordFile: string): Promise<void> {
  const { binaries, unprivileged, signal } = cluster;
  const [program = binaries.initdb, ...args] = [
    ...unprivileged.prefix,
    binaries.initdb,
    "--pgdata",
    draft,
    "--username=postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    // The built-in locale exists on every system and knows the case of letters beyond ASCII.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // If a power cut loses the new folder, it is created again.
    "--no-sync",
  ];
  const user = unprivileged.user ? { ...unprivileged.user, cwd: "/" } : {};
  try {
    await run(program, args, { ...user, env: baseEnvironment(), signal });
  } catch (cause) {
    const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
    throw new Error(`PostgreSQL could not create its data folder ${cluster.folder}. ${output}`, {
      cause,
    });
  }
}
