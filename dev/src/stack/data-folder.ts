/** Opens the data folder of a stack. One supervisor holds it at a time. Temporary folders are removed. */
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
  /** Releases the folder, and removes it if it is temporary. Idempotent. */
  close(): void;
}

const LOCK = "supervisor.pid";
const TEMPORARY = "cmo-kernel-";

/** Without a path, creates a temporary folder. Throws if another supervisor holds the folder. */
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
  // `wx` fails if another supervisor has taken the lock in the meantime.
  writeFileSync(lock, `${process.pid}\n${identifyProcess(process.pid)}\n`, {
    flag: "wx",
    mode: 0o600,
  });
}

/** The pid of the holder. Null without one, or if it is gone and its pid was reused. */
function readHolder(lock: string): number | null {
  if (!existsSync(lock)) return null;
  const text = readFileSync(lock, "utf8");
  const pid = parsePid(text);
  const identity = text.split("\n")[1];
  return pid !== null && identifyProcess(pid) === identity ? pid : null;
}

/** Removes the temporary folders of supervisors that were killed. */
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

/** Folders of other users are left alone. */
function isMine(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}
