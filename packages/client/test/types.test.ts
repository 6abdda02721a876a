import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generateTypes } from "../write-types.ts";

test("the types on the wire are those of the schemas; run npm run types:client", async () => {
  const written = readFileSync(new URL("../src/types.gen.ts", import.meta.url), "utf8");
  expect(written).toBe(await generateTypes());
});
