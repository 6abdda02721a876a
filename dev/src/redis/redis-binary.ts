/**
 * A real Redis server: the one on the PATH, else the one fetched earlier, else one fetched from
 * the system's package mirror. Fetching needs no root and installs nothing: the packages are
 * unpacked into a cache folder.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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
    await fetchRedis(cache, folder, search.signal);
  } catch (cause) {
    search.signal.throwIfAborted();
    throw new Error(explainWays(cache), { cause });
  }
  const fetched = binaryIn(folder);
  if (await runs(fetched, search.signal)) return fetched;
  throw new Error(explainWays(cache));
}

function userCacheFolder(): string {
  const base: Readonly<Record<string, string | undefined>> = baseEnvironment();
  const { XDG_CACHE_HOME, HOME = homedir() } = base;
  return join(XDG_CACHE_HOME ?? join(HOME, ".cache"), "cmo-kernel");
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

async function fetchRedis(cache: string, folder: string, signal: AbortSignal): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    const files = await downloadPackages(work, signal);
    const draft = join(work, "unpacked");
    for (const file of files) await run("dpkg-deb", ["-x", join(work, file), draft], { signal });
    // Renamed in one step: two first starts at once cannot see half a server.
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Private state and cache folders let apt-get work without root and without its locks. */
async function downloadPackages(work: string, signal: AbortSignal): Promise<string[]> {
  mkdirSync(join(work, "state/lists/partial"), { recursive: true });
  mkdirSync(join(work, "cache/archives/partial"), { recursive: true });
  const options = [
    `Dir::State=${join(work, "state")}`,
    "Dir::State::status=/var/lib/dpkg/status",
    `Dir::Cache=${join(work, "cache")}`,
    "APT::Sandbox::User=",
    "Debug::NoLocking=1",
    "Acquire::Retries=0",
    "Acquire::http::Timeout=10",
  ].flatMap((option) => ["-o", option]);
  const aptGet = (...args: string[]) =>
    run("apt-get", [...options, ...args], { cwd: work, signal, env: baseEnvironment() });

  await aptGet("update", "-qq");
  const plan = await aptGet("install", "--simulate", "--no-install-recommends", "redis-server");
  const missing = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  await aptGet("download", "-qq", ...new Set(["redis-server", "redis-tools", ...missing]));
  return readdirSync(work).filter((name) => name.endsWith(".deb"));
}

function explainWays(cache: string): string {
  return [
    "No Redis server was found, and none could be fetched. There are three ways to get one:",
    "  1. install redis-server or valkey-server, so that it is on the PATH;",
    "  2. set REDIS_URL to a Redis that is already running;",
    `  3. on Debian or Ubuntu with a reachable package mirror, start again: it is fetched into ${cache}.`,
  ].join("\n");
}
