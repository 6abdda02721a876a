import { readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { generateDatabaseTypes } from "../../dev/src/generate-types.ts";

test("the types in the tree are those of the migrations; `npm run types:db` writes them anew", async () => {
  const file = new URL("../../packages/shared/src/db/types.gen.ts", import.meta.url);
  const generated = await generateDatabaseTypes(inject("stack").databaseUrl);
  expect(readFileSync(file, "utf8")).toBe(generated);
});
