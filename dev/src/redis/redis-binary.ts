/**
 * A real Redis server: the one on the PATH, else the one fetched earlier, else one fetched from
 * the system's package mirror into a cache folder.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetchPackages, userCacheFolder } from "../debian-packages.ts";
import { baseEnvironment } from "../processes/base-environment.ts";

const run = promisify(execFile);

export interface RedisBinary {
  readonly program: string;
  /** The libraries that came with it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RedisSearch {
  readonly signal: AbortSignal;
  readonly onNote: (line: string) => void;
  /** Where fetched servers are kept; absent: the user's cache folder. */
  readonly cache?: string;
}

export async function findRedisBinary(search: RedisSearch): Promise<RedisBinary> {
  const cache = search.cache ?? userCacheFolder();
  for (const program of ["redis-server", "valkey-server"]) {
    const found = { program, environment: {} };
    if (await runs(found, search.signal)) return found;
  }
  const folder = join(cache, `redis-${process.arch}`);
  const cached = binaryIn(folder);
  if (await runs(cached, search.signal)) return cached;
  return fetchOnce(cache, folder, search);
}

async function fetchOnce(cache: string, folder: string, search: RedisSearch): Promise<RedisBinary> {
  search.onNote(
    "There is no redis-server on the PATH; fetching one from the package mirror, once.",
  );
  try {
    const { signal } = search;
    await fetchPackages({ packages: ["redis-server", "redis-tools"], cache, folder, signal });
  } catch (cause) {
    search.signal.throwIfAborted();
    throw new Error(explainWays(cache), { cause });
  }
  const fetched = binaryIn(folder);
  if (await runs(fetched, search.signal)) return fetched;
  throw new Error(explainWays(cache));
}

async function runs({ program, environment }: RedisBinary, signal: AbortSignal): Promise<boolean> {
  try {
    await run(program, ["--version"], { env: { ...baseEnvironment(), ...environment }, signal });
    return true;
  } catch {
    // Not there, or not made for this system: the caller looks elsewhere.
    signal.throwIfAborted();
    return false;
  }
}

function binaryIn(folder: string): RedisBinary {
  const libraries = join(folder, "usr/lib");
  const paths = existsSync(libraries)
    ? readdirSync(libraries).map((name) => join(libraries, name))
    : [];
  return {
    program: join(folder, "usr/bin/redis-server"),
    environment: { LD_LIBRARY_PATH: paths.join(":") },
  };
}

function explainWays(cache: string): string {
  return [
    "No Redis server was found, and none could be fetched. There are three ways to get one:",
    "  1. install redis-server or valkey-server, so that it is on the PATH;",
    "  2. set REDIS_URL to a Redis that is already running;",
    `  3. on Debian or Ubuntu with a reachable package mirror, start again: it is fetched into ${cache}.`,
  ].join("\n");
}
