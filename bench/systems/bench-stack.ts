/**
 * What every measurement stands on: the local stack with the product's own programs, the bench's
 * gateway in place of the demo gateway, and the load generator, each a process of its own.
 */
import { type Stack, startStack, WITHOUT_LIMITS } from "@cmo/dev";
import { workerEnvSchema } from "@cmo/worker/env";
import type { GatewayCalls } from "../gateway/main.ts";
import type { LoadCalls } from "../load/calls.ts";
import type { Groups } from "../measure/cpu-watch.ts";
import type { Calls } from "../programs/calls.ts";
import { type Program, startProgram } from "../programs/start-program.ts";
import { type BenchUsers, createUsers } from "./bench-users.ts";

export interface BenchStackOptions {
  readonly workers: number;
  /** Production defaults on top of which a case says what its size needs. */
  readonly appEnvironment?: Readonly<Record<string, string>>;
  /** What the stack's processes say. */
  readonly onLine?: (name: string, line: string) => void;
}

export interface BenchStack {
  readonly stack: Stack;
  readonly apiUrl: string;
  readonly gateway: Program<GatewayCalls>;
  readonly load: Program<LoadCalls>;
  readonly users: BenchUsers;
  readonly databaseUrl: string;
  /** The processes that all systems share, by what they are. */
  shared(): Groups;
  /** The pids of the stack's processes whose name begins so. */
  pidsOf(prefix: string): readonly number[];
  stop(): Promise<void>;
}

export async function startBenchStack(options: BenchStackOptions): Promise<BenchStack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((end) => end()));
  };
  try {
    return { ...(await startAll(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  options: BenchStackOptions,
  stops: (() => Promise<void>)[],
): Promise<Omit<BenchStack, "stop">> {
  const start = async <Known extends Calls>(name: string): Promise<Program<Known>> => {
    const file = new URL(`../${name}/main.ts`, import.meta.url);
    const program = await startProgram<Known>({ name, file });
    stops.push(program.stop);
    return program;
  };
  const gateway = await start<GatewayCalls>("gateway");
  const load = await start<LoadCalls>("load");
  const stack = await startStack({
    ports: "free",
    environment: { AI_GATEWAY_URL: `${gateway.url}/v1`, LOVABLE_API_KEY: "bench" },
    apps: { api: 1, workers: options.workers },
    tenantLimits: WITHOUT_LIMITS,
    seed: false,
    // Some cases open thousands of streams on purpose.
    appEnvironment: { MAX_STREAMS: "100000", ...options.appEnvironment },
    onLine: options.onLine ?? (() => {}),
  });
  stops.push(stack.stop);
  const users = await createUsers(stack);
  // It reads the schema when it starts, and the baselines' table has been made since.
  await stack.stopProcess("supabase");
  await stack.startProcess("supabase");
  const pidsOf = (prefix: string): readonly number[] =>
    stack
      .processes()
      .flatMap(({ name, pid }) => (name.startsWith(prefix) && pid !== null ? [pid] : []));
  return {
    stack,
    apiUrl: stack.apiUrls[0] ?? "",
    gateway,
    load,
    users,
    databaseUrl: stack.databaseUrl ?? "",
    pidsOf,
    shared: () => ({
      redis: pidsOf("redis"),
      postgres: pidsOf("postgres"),
      supabase: pidsOf("supabase"),
      gateway: [gateway.pid],
      load: [load.pid],
    }),
  };
}

const CONCURRENCIES = [1200, 1000, 500];

/** So many workers, each with the most runs that the product lets one hold. */
export function workersFor(streams: number): { workers: number; concurrency: number } {
  const { WORKER_CONCURRENCY: setting } = workerEnvSchema.shape;
  const most = CONCURRENCIES.find((count) => setting.safeParse(count).success) ?? 20;
  return { workers: Math.ceil(streams / most), concurrency: most };
}
