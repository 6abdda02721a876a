/**
 * One operating-system process: its output as lines, its end as a promise.
 *
 * Three promises:
 * 1. A child does not outlive the process that spawned it, not even one killed with SIGKILL,
 *    where the system can promise that (Linux with `setpriv`); elsewhere the next start ends it.
 * 2. A terminal's Ctrl-C reaches only the supervisor, which then stops the children in order.
 * 3. `exited` always resolves, and `stop` returns only when the process is gone.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Put before the program and its death signal, such as `unshare …` to drop root. */
  readonly prefix?: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What ends the program cleanly: sent by `stop`, and by the kernel when we die. */
  readonly endSignal: "SIGINT" | "SIGTERM";
  readonly ipc?: boolean;
  readonly onLine: (line: string) => void;
}

export interface Child {
  readonly pid: number;
  /** How it ended, in words: "exit code 1", "signal SIGKILL". */
  readonly exited: Promise<string>;
  hasExited(): boolean;
  send(message: Readonly<Record<string, unknown>>): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Asks first, then insists: SIGKILL once `withinMs` have passed. */
  stop(withinMs: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const LAST_WORDS_WITHIN_MS = 1_000;

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
    // Another user may not be able to enter our folder.
    ...(command.user ? { ...command.user, cwd: "/" } : {}),
  });
  readLines(child, command.onLine);
  return new Promise((resolve, reject) => {
    child.on("error", (cause) => {
      reject(new Error(`${command.program} could not be started: ${cause.message}`, { cause }));
    });
    child.once("spawn", () => {
      // Signalling pid 0 would reach our own group.
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
      // Its last words may still be under way; something it started may hold the line open.
      const late = setTimeout(() => resolve(end), LAST_WORDS_WITHIN_MS);
      process_.once("close", () => {
        clearTimeout(late);
        resolve(end);
      });
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    // The group, so that what the program started itself (a watcher's child) ends with it.
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

/** False when there is no such process any more. Signal 0 only asks, also about others' processes. */
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
