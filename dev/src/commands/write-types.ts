/** `npm run types:db`: the database's types as TypeScript, from nothing but the migrations. */
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { generateDatabaseTypes } from "../generate-types.ts";
import { TYPES_FILE } from "../repository.ts";
import { withStack } from "../stack/with-stack.ts";

export function writeTypes(): Promise<number> {
  return withStack({
    verbose: false,
    // Nothing of the caller's: the types are those of the migrations here, whatever runs elsewhere.
    options: { ports: "free", environment: {}, apps: { api: 0, workers: 0 }, seed: false },
    use: async ({ stack }) => {
      if (stack.databaseUrl === null) throw new Error("A stack without a database has no types.");
      writeFileSync(TYPES_FILE, await generateDatabaseTypes(stack.databaseUrl));
      console.log(`Wrote ${relative(process.cwd(), TYPES_FILE)}.`);
      return 0;
    },
  });
}
