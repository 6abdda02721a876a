/** Lists migration files, `<version>_<name>.sql`, in the order of their versions. */
import { existsSync, readdirSync } from "node:fs";

export interface Migration {
  readonly file: string;
  readonly version: string;
  readonly name: string;
}

export function listMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) return [];
  const migrations = readdirSync(folder).flatMap((file) => parseMigration(file) ?? []);
  refuseDoubles(migrations);
  return migrations.sort((a, b) => (a.version < b.version ? -1 : 1));
}

/** Null for files that are not migrations, such as a README. */
function parseMigration(file: string): Migration | null {
  const match = /^(\d+)_(.+)\.sql$/.exec(file);
  const [, version, name] = match ?? [];
  return version && name ? { file, version, name } : null;
}

/** Of two files with one version, the second would never be applied. */
function refuseDoubles(migrations: readonly Migration[]): void {
  const seen = new Map<string, string>();
  for (const { file, version } of migrations) {
    const other = seen.get(version);
    if (other)
      throw new Error(`${other} and ${file} have the same version; give one a later time.`);
    seen.set(version, file);
  }
}
