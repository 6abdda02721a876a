import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openDataFolder } from "./data-folder.ts";

const made: string[] = [];

function newFolder(prefix = "data-folder-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("a folder has one supervisor at a time, and the second gets its pid", () => {
  const path = newFolder();
  const first = openDataFolder(path);
  expect(() => openDataFolder(path)).toThrow(
    `already running from ${path} (process ${process.pid})`,
  );
  first.close();
  openDataFolder(path).close();
});

test("a supervisor that is gone holds nothing, even if another process has its number", () => {
  const path = newFolder();
  writeFileSync(
    join(path, "supervisor.pid"),
    `${process.pid}\n${process.pid}-of-an-earlier-life\n`,
  );
  openDataFolder(path).close();
});

test("a lasting folder is closed to other users and outlives its supervisor", () => {
  const path = join(newFolder(), "new");
  openDataFolder(path).close();
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test("a temporary folder is gone when it is closed", () => {
  const folder = openDataFolder(undefined);
  expect(folder.isTemporary).toBe(true);
  expect(existsSync(folder.path)).toBe(true);
  folder.close();
  folder.close();
  expect(existsSync(folder.path)).toBe(false);
});

test("temporary folders of killed supervisors go with the next start, those of the living stay", () => {
  const orphan = newFolder("cmo-kernel-");
  writeFileSync(join(orphan, "supervisor.pid"), `${process.pid}\nof-an-earlier-life\n`);
  mkdirSync(join(orphan, "postgres"));
  const starting = newFolder("cmo-kernel-");
  const living = openDataFolder(undefined);
  openDataFolder(undefined).close();
  expect([orphan, starting, living.path].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
  ]);
  living.close();
});
