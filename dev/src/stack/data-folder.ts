/** The folder that a stack lives in: held by one supervisor at a time, removed if temporary. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parsePid } from "../processes/leftover.ts";
import { identifyProcess } from "../processes/process-identity.ts";

export interface DataFolder {
  readonly path: string;
  readonly isTemporary: boolean;
  /** Lets the next supervisor in; a temporary folder is removed. Twice is fine. */
  close(): void;
}

const LOCK = "supervisor.pid";
const TEMPORARY = "cmo-kernel-";

/** Without a path, a temporary folder. Throws when another supervisor holds the folder. */
export function openDataFolder(path: string | undefined): DataFolder {
  if (path === undefined) removeOrphans(tmpdir());
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), TEMPORARY)) : resolve(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, LOCK);
  takeLock(lock, folder);
  return {
    path: folder,
    isTemporary: path === undefined,
    close: () => {
      if (path === undefined) rmSync(folder, { recursive: true, force: true });
      else rmSync(lock, { force: true });
    },
  };
}

function takeLock(lock: string, folder: string): void {
  const holder = readHolder(lock);
  if (holder !== null) {
    throw new Error(
      `A stack is already running from ${folder} (process ${holder}). Stop it with Ctrl-C in its ` +
        `terminal, or with \`kill ${holder}\`.`,
    );
  }
  rmSync(lock, { force: true });
  // `wx` fails if another supervisor has come between, which is the same answer a moment later.
  writeFileSync(lock, `${process.pid}\n${identifyProcess(process.pid)}\n`, {
    flag: "wx",
    mode: 0o600,
  });
}

/** Null when nobody holds it, or only somebody who is gone and whose number another one has. */
function readHolder(lock: string): number | null {
  if (!existsSync(lock)) return null;
  const text = readFileSync(lock, "utf8");
  const pid = parsePid(text);
  const identity = text.split("\n")[1];
  return pid !== null && identifyProcess(pid) === identity ? pid : null;
}

/** Temporary folders of supervisors that were killed: nobody else will ever remove them. */
function removeOrphans(parent: string): void {
  for (const name of readdirSync(parent).filter((one) => one.startsWith(TEMPORARY))) {
    const folder = join(parent, name);
    if (
      isMine(folder) &&
      existsSync(join(folder, LOCK)) &&
      readHolder(join(folder, LOCK)) === null
    ) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Others' folders are closed to us, and theirs to remove. */
function isMine(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}
