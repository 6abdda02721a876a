import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readOrCreateKeys } from "./keys.ts";

const folder = mkdtempSync(join(tmpdir(), "keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("keys are made once, and only their owner can read them", () => {
  const file = join(folder, "keys.json");
  const keys = readOrCreateKeys(file);
  expect(readOrCreateKeys(file)).toEqual(keys);
  expect(readOrCreateKeys(join(folder, "other.json"))).not.toEqual(keys);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a file that holds no keys is not overwritten, and the error says what to do", () => {
  const file = join(folder, "broken.json");
  writeFileSync(file, "{}");
  expect(() => readOrCreateKeys(file)).toThrow("Remove its folder");
});
