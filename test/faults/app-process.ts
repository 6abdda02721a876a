/**
 * One API or worker process of the system under test, with a network of its own: a proxy in front of
 * each server that it connects to, so that its connections can fail while those of others do not.
 *
 * It listens behind a proxy too, whose address outlives restarts. It cannot outlive the harness.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

export interface AppProcess {
  readonly name: string;
  readonly redis: TcpProxy;
  readonly supabase: TcpProxy;
  readonly gateway: TcpProxy;
  /** The address for clients. */
  readonly front: TcpProxy;
  /** Null while it is not running. */
  readonly pid: number | null;
  /** Its own port, behind the proxy; null for a worker, and before the first start. */
  readonly port: number | null;
  /** Resolves when it is ready for work. */
  start(under?: Circumstances): Promise<void>;
  /** Sent at once, to this process only. */
  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void;
  /** Resolves with the exit code, null for a signal, when the running process has ended. */
  ended(): Promise<number | null>;
  /** Kills the process and closes the proxies. */
  close(): Promise<void>;
}

/** Options of this start only. */
interface Circumstances {
  /** Precedes the program, for example to move it into a control group. */
  readonly prefix?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface AppProcessOptions {
  readonly name: string;
  readonly app: "api" | "worker";
  /** Complete except for the addresses, which are those of the proxies. */
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: Servers;
  readonly onLine: (line: string) => void;
}

interface Servers {
  readonly redisUrl: string;
  readonly supabaseUrl: string;
  readonly gatewayUrl: string;
}

const START_WITHIN_MS = 20_000;
/** A process that exits while it starts is started again, as a process manager does. */
const STARTS = 3;
/** The last lines of a process that failed to start, for the error message. */
const LAST_LINES_KEPT = 20;
const readySchema = z.object({ ready: z.literal(true), port: z.int().optional() });
const PROGRAMS = {
  api: fileURLToPath(new URL("../../apps/api/src/main.ts", import.meta.url)),
  worker: fileURLToPath(new URL("../../apps/worker/src/main.ts", import.meta.url)),
};

export async function createAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const { name, servers } = options;
  const network = await openNetwork(servers);
  const environment = { ...options.environment, ...addressesOf(servers, network) };
  let running: { child: ChildProcess; ended: Promise<number | null> } | null = null;
  let ownPort: number | null = null;
  const ended = async () => (running ? running.ended : null);
  const startOnce = async (under: Circumstances): Promise<void> => {
    const lastLines: string[] = [];
    const own = { ...environment, ...under.environment };
    const command = [...(under.prefix ?? []), process.execPath, PROGRAMS[options.app]];
    const child = launch(command, own, (line) => {
      lastLines.splice(0, Math.max(0, lastLines.length - LAST_LINES_KEPT));
      lastLines.push(line);
      options.onLine(line);
    });
    const mine = { child, ended: endOf(child) };
    running = mine;
    void mine.ended.then(() => {
      if (running === mine) running = null;
    });
    ownPort = await waitUntilReady(child, mine.ended).catch((cause: unknown) => {
      child.kill("SIGKILL");
      const why = [`${name} could not be started.`, ...lastLines].join("\n  ");
      throw new Error(why, { cause });
    });
    if (ownPort !== null) network.front.aim(ownPort);
  };

  return {
    name,
    ...network,
    get pid() {
      return running?.child.pid ?? null;
    },
    get port() {
      return ownPort;
    },
    start: async (under = {}) => {
      if (running) throw new Error(`${name} runs already.`);
      for (let tries = STARTS; ; tries -= 1) {
        try {
          return await startOnce(under);
        } catch (error) {
          if (tries === 1) throw error;
          await ended();
        }
      }
    },
    signal: (signal) => {
      running?.child.kill(signal);
    },
    ended,
    close: async () => {
      running?.child.kill("SIGKILL");
      await ended();
      await Promise.all(Object.values(network).map((proxy) => proxy.close()));
    },
  };
}

type Network = Pick<AppProcess, "redis" | "supabase" | "gateway" | "front">;

async function openNetwork({ redisUrl, supabaseUrl, gatewayUrl }: Servers): Promise<Network> {
  return {
    redis: await createTcpProxy(portOf(redisUrl)),
    supabase: await createTcpProxy(portOf(supabaseUrl)),
    gateway: await createTcpProxy(portOf(gatewayUrl)),
    front: await createTcpProxy(0),
  };
}

function addressesOf(servers: Servers, network: Network): Record<string, string> {
  return {
    HOST: "127.0.0.1",
    PORT: "0",
    REDIS_URL: through(servers.redisUrl, network.redis),
    SUPABASE_URL: through(servers.supabaseUrl, network.supabase),
    AI_GATEWAY_URL: through(servers.gatewayUrl, network.gateway),
  };
}

function launch(
  line: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ChildProcess {
  const [command = process.execPath, ...args] = [...deathPrefix(), ...line];
  const child = spawn(command, args, {
    env: environment,
    // The harness handles Ctrl-C.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on("line", onLine);
  }
  return child;
}

/** Where the operating system supports it, even a stopped process dies with the harness. */
function deathPrefix(): string[] {
  const works = spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0;
  return works ? ["setpriv", "--pdeathsig", "KILL"] : [];
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", reject);
  });
}

async function waitUntilReady(
  child: ChildProcess,
  ended: Promise<number | null>,
): Promise<number | null> {
  const ready = Promise.withResolvers<number | null>();
  child.on("message", (message) => {
    const parsed = readySchema.safeParse(message);
    if (parsed.success) ready.resolve(parsed.data.port ?? null);
  });
  const late = setTimeout(
    () => ready.reject(new Error(`It was not ready within ${START_WITHIN_MS} ms.`)),
    START_WITHIN_MS,
  );
  const early = ended.then((code): never => {
    throw new Error(`It ended while it was starting (exit code ${code}).`);
  });
  try {
    return await Promise.race([ready.promise, early]);
  } finally {
    clearTimeout(late);
    early.catch(() => {
      // An exit after the start is reported by `exited`.
    });
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function through(url: string, proxy: TcpProxy): string {
  const address = new URL(url);
  address.port = String(proxy.port);
  return address.href.replace(/\/$/, "");
}
