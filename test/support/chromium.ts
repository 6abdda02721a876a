/** A real Chromium, from the PATH or from the system's package mirror, driven by Playwright. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { fetchPackages, userCacheFolder } from "../../dev/src/debian-packages.ts";

const FETCH_WITHIN_MS = 300_000;
const INSTALLED = ["/usr/bin/chromium", "/usr/bin/google-chrome"];

export async function startChromium(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return launch(installed, {});
  const folder = join(userCacheFolder(), `chromium-${process.arch}`);
  const unpacked = join(folder, "usr/lib/chromium/chromium");
  if (!existsSync(unpacked)) {
    await fetchPackages({
      packages: ["chromium", "fonts-dejavu-core"],
      cache: userCacheFolder(),
      folder,
      signal: AbortSignal.timeout(FETCH_WITHIN_MS),
    });
  }
  const libraries = ["usr/lib", "lib"].flatMap((path) => withSubfolders(join(folder, path)));
  return launch(unpacked, { LD_LIBRARY_PATH: libraries.join(":") });
}

/** The libraries of a package may stand one folder deeper, as those of PulseAudio do. */
function withSubfolders(folder: string): string[] {
  const machines = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((name) => join(folder, name));
  return machines.filter(existsSync).flatMap((machine) => [
    machine,
    ...readdirSync(machine, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(machine, name)),
  ]);
}

function launch(executablePath: string, environment: Readonly<Record<string, string>>) {
  const env = { ...process.env, ...environment };
  // Everything it opens is a page of the test itself.
  return chromium.launch({ executablePath, env, args: ["--no-sandbox"] });
}
