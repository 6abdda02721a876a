/** What the processes of the stack say: a file each, and the last lines of each in memory. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";

const KEPT_LINES = 20;

export interface ServiceLogs {
  write(name: string, line: string): void;
  /** The last lines and where the rest is, for a message about something that failed. */
  describe(name: string): string;
  close(): Promise<void>;
}

export interface LogFolder {
  readonly path: string;
  /** Gone when somebody could look: then messages do not point there. */
  readonly isTemporary: boolean;
}

/** Each start begins new files: they hold one life of the stack and cannot grow for ever. */
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
      if (last.length === 0) return "It said nothing.";
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
