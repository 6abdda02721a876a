/** Puts a folder on a small disk that can be filled: a file system in memory. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk {
  /** Fills the disk. */
  fill(): void;
  /** Frees the space again. */
  free(): void;
  close(): void;
}

const MIB = 1024 * 1024;
const FILLER = "filler";

export function whyNoSmallDisk(): string | null {
  if (process.getuid?.() !== 0) return "needs root, to mount a small file system";
  const folder = mkdtempSync(join(tmpdir(), "cmo-kernel-disk-"));
  try {
    mount(folder, 1);
    execFileSync("umount", [folder]);
    return null;
  } catch {
    return "needs the right to mount a file system, which this machine does not give";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder must not be in use. Its content is copied; `roomMib` more fits. */
export function putOnSmallDisk(folder: string, roomMib: number): SmallDisk {
  const copy = mkdtempSync(join(tmpdir(), "cmo-kernel-disk-"));
  try {
    execFileSync("cp", ["--archive", `${folder}/.`, copy]);
    mount(folder, sizeMib(copy) + roomMib);
    execFileSync("cp", ["--archive", `${copy}/.`, folder]);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  const filler = join(folder, FILLER);
  return {
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(filler, { force: true }),
    close: () => execFileSync("umount", [folder]),
  };
}

function mount(folder: string, mib: number): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "cmo-kernel-faults", folder]);
}

function sizeMib(folder: string): number {
  const blocks = execFileSync("du", ["-s", "-B", String(MIB), folder], { encoding: "utf8" });
  return Number(blocks.split("\t")[0]);
}
