/** Case 10: how soon the system is ready, and what it costs while nothing is asked of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Stack, startStack } from "@cmo/dev";
import { readRssBytes } from "../measure/cpu.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import { commandsSince, readCommands } from "../systems/redis-commands.ts";
import { readTransactions } from "../systems/sql.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import { digits } from "./render.ts";

export const IDLE_COSTS: Case = {
  name: "idle-costs",
  summary: "start to ready, and memory, CPU, commands and statements while idle (case 10)",
  options: {
    seconds: { default: "5", help: "how long the idle system is watched" },
    workers: { default: "1", help: "workers; one API process" },
  },
  run: runIdleCosts,
};

const SETTLE_MS = 2000;

async function runIdleCosts({ options, say }: CaseRun): Promise<Findings> {
  const dataDir = mkdtempSync(join(tmpdir(), "bench-data-"));
  const workers = options.number("workers");
  try {
    say("a first start, which makes the database");
    const first = await timeStart(dataDir, workers);
    await first.stack.stop();
    say("a second start");
    const again = await timeStart(dataDir, workers);
    try {
      await delay(SETTLE_MS);
      say(`idle for ${options.number("seconds")} s`);
      const idle = await watchIdle(again.stack, options.number("seconds"));
      return toFindings({ firstMs: first.ms, againMs: again.ms, ...idle });
    } finally {
      await again.stack.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** What `npm start` does, on ports and in a folder of its own. */
async function timeStart(dataDir: string, workers: number): Promise<{ stack: Stack; ms: number }> {
  const startedAt = performance.now();
  const stack = await startStack({
    dataDir,
    ports: "free",
    environment: {},
    apps: { api: 1, workers },
    seed: true,
    onLine: () => {},
  });
  return { stack, ms: performance.now() - startedAt };
}

interface IdleCosts {
  readonly firstMs: number;
  readonly againMs: number;
  readonly processes: readonly {
    readonly name: string;
    readonly mb: number;
    readonly cpuPercent: number;
  }[];
  readonly commands: Readonly<Record<string, number>>;
  readonly transactions: number;
  readonly seconds: number;
}

async function watchIdle(stack: Stack, seconds: number) {
  const running = stack
    .processes()
    .flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
  const readCpu = watchCpu(Object.fromEntries(running.map(({ name, pid }) => [name, [pid]])));
  const commands = await readCommands(stack.redisUrl);
  const databaseUrl = stack.databaseUrl ?? "";
  const transactions = await readTransactions({ databaseUrl });
  await delay(seconds * 1000);
  const { byGroup, wallMs } = readCpu();
  const commandsNow = commandsSince(commands, await readCommands(stack.redisUrl));
  return {
    processes: running.map(({ name, pid }) => ({
      name,
      mb: readRssBytes(pid) / 2 ** 20,
      cpuPercent: (100 * (byGroup[name] ?? 0)) / wallMs,
    })),
    commands: Object.fromEntries(commandsNow),
    transactions: (await readTransactions({ databaseUrl })) - transactions,
    seconds,
  };
}

function toFindings(costs: IdleCosts): Findings {
  const commands = Object.entries(costs.commands).toSorted(([, a], [, b]) => b - a);
  const perSecond = (count: number): string => digits(count / costs.seconds, 1);
  return {
    tables: [
      {
        title: "Start to ready",
        columns: ["start", "seconds"],
        rows: [
          ["first, which makes the database", digits(costs.firstMs / 1000, 1)],
          ["again", digits(costs.againMs / 1000, 1)],
        ],
      },
      {
        title: "Idle processes",
        columns: ["process", "memory MB", "CPU %"],
        rows: costs.processes.map(({ name, mb, cpuPercent }) => [
          name,
          digits(mb),
          digits(cpuPercent, 1),
        ]),
      },
      {
        title: "Idle traffic",
        columns: ["what", "a second"],
        rows: [
          ["database transactions", perSecond(costs.transactions)],
          ["Redis commands", perSecond(commands.reduce((total, [, count]) => total + count, 0))],
          ...commands.map(([name, count]) => [`Redis ${name}`, perSecond(count)]),
        ],
      },
    ],
    charts: [],
    goals: [],
    notes: [
      "The start is what npm start does, on free ports and in a folder of its own. Commands within a script are counted each. Postgres' memory is that of its main process.",
    ],
    raw: costs,
  };
}
