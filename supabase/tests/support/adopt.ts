/** Runs `db:adopt` as a process of its own, and kills it in the middle. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../adopt/main.ts", import.meta.url));

function start(url: string | null, args: readonly string[]) {
  const { DATABASE_URL: _, ...environment } = process.env;
  const env = url === null ? environment : { ...environment, DATABASE_URL: url };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

export async function adopt(
  url: string | null,
  command: string | null,
  args: readonly string[] = [],
  code = 0,
): Promise<{ output: string }> {
  const child = start(url, command === null ? args : [command, ...args]);
  let output = "";
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const [exitCode] = await once(child, "close");
  if (exitCode !== code) throw new Error(`It exited with ${exitCode}, not ${code}:\n${output}`);
  return { output };
}

/** Ends it as soon as it has reported so many steps, or lets it end before. */
export async function adoptUntil(
  url: string,
  lines: number,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<{ output: string }> {
  const child = start(url, ["apply", "--all"]);
  let reported = 0;
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  createInterface({ input: child.stdout }).on("line", () => {
    reported += 1;
    if (reported === lines) child.kill(signal);
  });
  await once(child, "close");
  return { output };
}
