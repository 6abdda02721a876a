/** Keeps the output of each process in a file, and its last lines in memory. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";

const KEPT_LINES = 20;

export interface ServiceLogs {
  write(name: string, line: string): void;
  /** The last lines and the path of the file, for an error message. */
  describe(name: string): string;
  close(): Promise<void>;
}

export interface LogFolder {
  readonly path: string;
  /** The folder will be removed, so messages do not name it. */
  readonly isTemporary: boolean;
}

/** Each start replaces the files, so that they cannot grow forever. */
export function createServiceLogs({ path: folder, isTemporary }: LogFolder): ServiceLogs {
  mkdirSync(folder, { recursive: true });
  const logs = new Map<string, { path: string; file: WriteStream; last: string[] }>();

  const logOf = (name: string) => {
    const known = logs.get(name);
    if (known) return known;
    const path = join(folder, `${name}.log`);
    const log = { path, file: createWriteStream(path, { flags: "w", mode: 0o600 }), last: [] };
    logs.set(name, log);
    return log;
  };
  return {
    write: (name, line) => {
      const { file, last } = logOf(name);
      if (file.writable) file.write(`${line}\n`);
      last.push(line);
      if (last.length > KEPT_LINES) last.shift();
    },
    describe: (name) => {
      const { path, last } = logOf(name);
      if (last.length === 0) return "It printed nothing.";
      const title = isTemporary ? "Its last lines:" : `Its last lines (more in ${path}):`;
      return [title, ...last.map((line) => `  ${line}`)].join("\n");
    },
    close: async () => {
      await Promise.all([...logs.values()].map(({ file }) => endFile(file)));
    },
  };
}

function endFile(file: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (file.closed) resolve();
    else file.end(() => resolve());
  });
}
