/** A wrong clock for one process, by libfaketime from the packages of the system. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fetchPackages, userCacheFolder } from "../../dev/src/debian-packages.ts";

export interface FalseClock {
  /** Environment variables that shift the clock of a process, such as by `+1h`. */
  environmentAt(offset: string): Record<string, string>;
  /** How many milliseconds the clock of a server is ahead, according to its Date header. */
  offsetOf(url: string): Promise<number>;
}

const LIBRARY = "libfaketimeMT.so.1";

export async function whyNoFalseClock(): Promise<string | null> {
  if (process.platform !== "linux") return "needs Linux, for libfaketime";
  try {
    await findFalseClock();
    return null;
  } catch {
    return "needs libfaketime: installed, or from a Debian package mirror that can be reached";
  }
}

export async function findFalseClock(): Promise<FalseClock> {
  const library = findIn("/usr/lib") ?? (await fetchLibrary());
  return {
    environmentAt: (offset) => ({
      LD_PRELOAD: library,
      FAKETIME: offset,
      // Timers use the monotonic clock, which stays right.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    }),
    offsetOf: async (url) => {
      const response = await fetch(url);
      await response.body?.cancel();
      return Date.parse(response.headers.get("date") ?? "") - Date.now();
    },
  };
}

async function fetchLibrary(): Promise<string> {
  const cache = userCacheFolder();
  const folder = join(cache, `libfaketime-${process.arch}`);
  const libraries = join(folder, "usr/lib");
  if (findIn(libraries) === null) {
    const { signal } = new AbortController();
    await fetchPackages({ packages: ["libfaketime"], cache, folder, signal });
  }
  const library = findIn(libraries);
  if (library === null) throw new Error("The package libfaketime holds no such library.");
  return library;
}

/** In the folder of this machine's architecture. */
function findIn(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const paths = readdirSync(folder).map((name) => join(folder, name, "faketime", LIBRARY));
  return paths.find((path) => existsSync(path)) ?? null;
}
