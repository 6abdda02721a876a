/** Starts one program of the bench as a process of its own and waits until it is ready. */
import { type ChildProcess, fork } from "node:child_process";
import type { Calls, Ready, Reply } from "./calls.ts";

export interface ProgramOptions {
  readonly name: string;
  readonly file: URL;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Program<Known extends Calls = Calls> {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  ask<Name extends keyof Known & string>(
    name: Name,
    question: Known[Name]["question"],
  ): Promise<Known[Name]["answer"]>;
  /** Stops it with SIGSTOP, so that it uses no CPU while another system is measured. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;
const LAST_LINES = 20;

export async function startProgram<Known extends Calls>(
  options: ProgramOptions,
): Promise<Program<Known>> {
  const child = fork(options.file, {
    env: { ...inherited(), ...options.environment },
    // Nothing on its command line and no flags of ours: it runs as it would in production.
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const errors = keepLastLines(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} could not be started.`);
  const url = await untilReady(child, () => `${options.name} did not start.\n${errors()}`);
  const ask = createAsker(child, options.name);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  return {
    name: options.name,
    pid,
    url,
    ask: async <Name extends keyof Known & string>(name: Name, question: Known[Name]["question"]) =>
      (await ask(name, question)) as Known[Name]["answer"],
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      await exited;
      clearTimeout(insist);
    },
  };
}

/** A variable that is left over in a shell must not change what is measured. */
function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "TMPDIR", "TZ"];
  return Object.fromEntries(names.flatMap((name) => toPair(name, process.env[name])));
}

function toPair(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}

function keepLastLines(child: ChildProcess): () => string {
  let lines: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lines = [...lines, ...text.trimEnd().split("\n")].slice(-LAST_LINES);
  });
  return () => lines.join("\n");
}

async function untilReady(child: ChildProcess, explain: () => string): Promise<string> {
  const ready = Promise.withResolvers<string>();
  const onMessage = (message: unknown): void => {
    if (isReady(message)) ready.resolve(message.url ?? "");
  };
  const onExit = (): void => ready.reject(new Error(explain()));
  const late = setTimeout(() => ready.reject(new Error(explain())), START_WITHIN_MS);
  child.on("message", onMessage);
  child.once("exit", onExit);
  try {
    return await ready.promise;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
    child.off("message", onMessage);
    child.off("exit", onExit);
  }
}

function isReady(message: unknown): message is Ready {
  return typeof message === "object" && message !== null && "ready" in message;
}

function createAsker(child: ChildProcess, program: string) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let calls = 0;
  child.on("message", (message) => {
    if (!isReply(message)) return;
    const asked = waiting.get(message.call);
    waiting.delete(message.call);
    if ("error" in message) asked?.reject(new Error(`${program}: ${message.error}`));
    else asked?.resolve(message.answer);
  });
  child.once("exit", (code, signal) => {
    for (const asked of waiting.values()) {
      asked.reject(new Error(`${program} ended (${signal ?? code}) while it was asked.`));
    }
  });
  return (name: string, question: unknown): Promise<unknown> => {
    calls += 1;
    const asked = Promise.withResolvers<unknown>();
    waiting.set(calls, asked);
    child.send({ call: calls, name, question });
    return asked.promise;
  };
}

function isReply(message: unknown): message is Reply {
  return typeof message === "object" && message !== null && "call" in message;
}
