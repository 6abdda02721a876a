/**
 * `npm run db:baseline`: writes the first migration from the schemas. It may be written again until
 * a second migration exists; from then on the baseline has been applied somewhere.
 */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { listMigrations } from "../database/migration-files.ts";
import { BASELINE_FILE, composeBaseline, readSchemas } from "../database/schema-files.ts";
import { MIGRATIONS_FOLDER, SCHEMAS_FOLDER } from "../repository.ts";

export function writeBaseline(): number {
  const later = listMigrations(MIGRATIONS_FOLDER).find(({ file }) => file !== BASELINE_FILE);
  if (later) {
    console.error(
      `The baseline is final: ${later.file} follows it. Add a migration; \`npm run db:diff\` prints one.`,
    );
    return 1;
  }
  const path = join(MIGRATIONS_FOLDER, BASELINE_FILE);
  writeFileSync(path, composeBaseline(readSchemas(SCHEMAS_FOLDER)));
  console.log(`Wrote ${relative(process.cwd(), path)}.`);
  return 0;
}
