/** Processes that only use the processor, at the same priority as all others. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Runs `work` while `count` of them run. They do not outlive this process. */
export async function whileBusy<Result>(
  count: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const all = Array.from({ length: count }, startBusyProcess);
  try {
    return await work();
  } finally {
    await Promise.all(all.map(end));
  }
}

/** Checks regularly whether its parent is still alive. */
function startBusyProcess(): ChildProcess {
  const script = `const parent = ${process.pid};
    for (;;) { if (process.ppid !== parent) process.exit(); for (let i = 0; i < 1e8; i += 1); }`;
  return spawn(process.execPath, ["-e", script], { stdio: "ignore" });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
