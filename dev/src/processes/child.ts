/**
 * One operating-system process, with its output as lines and its exit as a promise.
 *
 * Guarantees:
 * 1. On Linux with `setpriv`, a child never outlives the process that spawned it, even if that was
 *    killed with SIGKILL. On other systems, the next start ends the child.
 * 2. A terminal's Ctrl-C reaches only the supervisor, which then stops the children in order.
 * 3. `exited` always resolves, and `stop` returns only when the process is gone.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A command line before the program, such as `unshare …` to drop root. */
  readonly prefix?: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Ends the program cleanly. Sent by `stop`, and by the kernel when this process dies. */
  readonly endSignal: "SIGINT" | "SIGTERM";
  readonly ipc?: boolean;
  readonly onLine: (line: string) => void;
}

export interface Child {
  readonly pid: number;
  /** The reason as text: "exit code 1", "signal SIGKILL". */
  readonly exited: Promise<string>;
  hasExited(): boolean;
  send(message: Readonly<Record<string, unknown>>): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Sends the end signal, and SIGKILL after `withinMs`. */
  stop(withinMs: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Output may still arrive after the exit. */
const LAST_OUTPUT_WITHIN_MS = 1_000;

export function spawnChild(command: ChildCommand): Promise<Child> {
  const [program, ...args] = [
    ...(command.prefix ?? []),
    ...deathSignalPrefix(command.endSignal),
    command.program,
    ...command.args,
  ];
  const child = spawn(program ?? command.program, args, {
    env: command.environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(command.ipc ? (["ipc"] as const) : [])],
    // Another user may have no access to the current folder.
    ...(command.user ? { ...command.user, cwd: "/" } : {}),
  });
  readLines(child, command.onLine);
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => {
      reject(new Error(`${command.program} could not be started: ${cause.message}`, { cause }));
    });
    child.once("spawn", () => {
      // A signal to pid 0 would reach the own process group.
      if (!child.pid) reject(new Error(`${command.program} was started without a pid.`));
      else resolve(toChild(child, child.pid, command.endSignal));
    });
  });
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on("line", onLine);
  }
}

function toChild(process_: ChildProcess, pid: number, endSignal: NodeJS.Signals): Child {
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    process_.once("exit", (code, signal) => {
      ended = true;
      const end = signal ? `signal ${signal}` : `exit code ${code}`;
      // Output may still be in the pipe, and a grandchild may hold the pipe open.
      const late = setTimeout(() => resolve(end), LAST_OUTPUT_WITHIN_MS);
      process_.once("close", () => {
        clearTimeout(late);
        resolve(end);
      });
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    // SIGKILL goes to the group, so that the program's own children (of a watcher) end too.
    if (!ended) signalProcess(signal === "SIGKILL" ? -pid : pid, signal);
  };
  return {
    pid,
    exited,
    hasExited: () => ended,
    send: (message) => {
      if (process_.connected) process_.send(message);
    },
    onMessage: (listener) => {
      process_.on("message", listener);
    },
    kill,
    stop: async (withinMs) => {
      kill(endSignal);
      const insist = setTimeout(() => kill("SIGKILL"), withinMs);
      await exited;
      clearTimeout(insist);
    },
  };
}

/** False if the process does not exist. Signal 0 only checks, also for other users' processes. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ESRCH") return false;
    if (code === "EPERM" && signal === 0) return true;
    throw error;
  }
}

const deathSignalWorks = once(
  () => spawnSync("setpriv", ["--pdeathsig", "TERM", "true"]).status === 0,
);

function deathSignalPrefix(signal: NodeJS.Signals): string[] {
  return deathSignalWorks() ? ["setpriv", "--pdeathsig", signal.replace("SIG", "")] : [];
}

function once<Value>(compute: () => Value): () => Value {
  let known: { value: Value } | null = null;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
