/**
 * Downloads programs and libraries from the system's package mirror. This needs no root and installs
 * nothing: the packages are unpacked into a folder.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { baseEnvironment } from "./processes/base-environment.ts";

const run = promisify(execFile);

export interface PackageFetch {
  /** The missing dependencies of the first package are downloaded too. */
  readonly packages: readonly [string, ...string[]];
  /** For temporary files, on the same disk as `folder`. */
  readonly cache: string;
  /** Receives the unpacked files in one rename. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The folder for downloaded packages. */
export function userCacheFolder(): string {
  const base: Readonly<Record<string, string | undefined>> = baseEnvironment();
  const { XDG_CACHE_HOME, HOME = homedir() } = base;
  return join(XDG_CACHE_HOME ?? join(HOME, ".cache"), "cmo-kernel");
}

/** Throws if there is no mirror or it cannot be reached. */
export async function fetchPackages(fetch: PackageFetch): Promise<void> {
  const { cache, folder, signal } = fetch;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    const files = await downloadPackages(work, fetch);
    const draft = join(work, "unpacked");
    for (const file of files) await run("dpkg-deb", ["-x", join(work, file), draft], { signal });
    // One rename, so that a second start at the same time never sees half of it.
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Private state and cache folders let apt-get work without root and without its locks. */
async function downloadPackages(
  work: string,
  { packages, signal }: PackageFetch,
): Promise<string[]> {
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
  const plan = await aptGet("install", "--simulate", "--no-install-recommends", packages[0]);
  const missing = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  await aptGet("download", "-qq", ...new Set([...packages, ...missing]));
  return readdirSync(work).filter((name) => name.endsWith(".deb"));
}
