/**
 * Finds a Redis server: on the PATH, in the cache folder, or on the system's package mirror, from
 * which it is downloaded into the cache folder.
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
  /** Points to the libraries of a downloaded server. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RedisSearch {
  readonly signal: AbortSignal;
  readonly onNote: (line: string) => void;
  /** The folder for downloaded servers. Default: the user's cache folder. */
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
    "No redis-server on the PATH. Downloading one from the package mirror; this happens once.",
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
    // Missing, or built for another system. The caller tries the next place.
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
    "No Redis server was found, and none could be downloaded. To get one, do one of the following:",
    "  1. Install redis-server or valkey-server on the PATH.",
    "  2. Set REDIS_URL to a running Redis.",
    `  3. On Debian or Ubuntu, make the package mirror reachable and start again. The server is downloaded into ${cache}.`,
  ].join("\n");
}
