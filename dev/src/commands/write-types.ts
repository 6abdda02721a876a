/** `npm run types:db`: generates the TypeScript types of the database from the migrations alone. */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { generateDatabaseTypes } from "../generate-types.ts";
import { TYPES_FILE } from "../repository.ts";
import { withStack } from "../stack/with-stack.ts";

export function writeTypes(): Promise<number> {
  return withStack({
    verbose: false,
    // The caller's environment is ignored: the types must be those of the migrations in this tree.
    options: { ports: "free", environment: {}, apps: { api: 0, workers: 0 }, seed: false },
    use: async ({ stack }) => {
      if (stack.databaseUrl === null) throw new Error("A stack without a database has no types.");
      writeFileSync(TYPES_FILE, await generateDatabaseTypes(stack.databaseUrl));
      console.log(`Wrote ${relative(process.cwd(), TYPES_FILE)}.`);
      return 0;
    },
  });
}
