/**
 * How long the event loop of a worker is blocked by data from outside: rows and answers at their
 * limits, of every kind of text that makes a parser or a pattern slow.
 *
 * Each case is the work of a run. What counts is its longest turn, because other runs, heartbeats
 * included, wait as long. It is measured in processor time of the thread, and of several rounds the
 * best counts, so that neither other processes nor the compiler disturb it.
 */
import { parseArgs } from "node:util";
import { agentByName, createJsonRepairer, type Gateway, runAgent } from "@cmo/agents";
import { AGENT_OF_MODE } from "@cmo/shared/contract";
import { systemClock } from "@cmo/shared/runtime";
import { sampleSource } from "../packages/agents/test/sample-source.ts";
import {
  answersOf,
  MALFORMED_ANSWERS,
  MODES,
  type Mode,
  PAGE,
  ROWS,
  SNAPSHOT_PAGE,
} from "./event-loop-cases.ts";

const HELP = `Measures how long a run with data at its limits blocks the event loop.

  npm run bench:loop -- [--max 50] [--rounds 3] [--mode strategy]

  --max     the longest turn that is allowed, in milliseconds
  --rounds  how often each case is played; the best round counts
  --mode    only this agent

Exits with 1 when a turn takes longer.
`;

interface Measured {
  readonly mode: string;
  readonly what: string;
  readonly longestMs: number;
}

/** The thread's own time in milliseconds: what other processes take is not ours. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The longest time between two turns of the event loop while `work` goes on. */
async function longestTurn(work: () => unknown): Promise<number> {
  let longest = 0;
  let last = threadMs();
  let isOver = false;
  const tick = () => {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  const ticking = new Promise<void>((resolve) => {
    setImmediate(() => {
      last = threadMs();
      tick();
      resolve();
    });
  });
  await ticking;
  await work();
  isOver = true;
  return Math.max(longest, threadMs() - last);
}

async function best(rounds: number, work: () => unknown): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1)
    lowest = Math.min(lowest, await longestTurn(work));
  return lowest;
}

function answering(answer: string): Gateway {
  return {
    async ask(_request, onText) {
      await onText(answer);
      const receipt = { isDue: false, costMicros: null, hiddenLength: 0 };
      return { usage: null, end: { type: "finished", reason: "stop", model: null }, receipt };
    },
  };
}

const repairer = createJsonRepairer();

function run(mode: Mode, answer: string, rows: (typeof ROWS)[number][1]) {
  const agent = agentByName(AGENT_OF_MODE[mode]);
  if (!agent) throw new Error(`No agent serves ${mode}.`);
  const deps = {
    gateway: answering(answer),
    repairer,
    source: sampleSource(rows),
    input: {},
    emit: () => {},
    requestId: String,
    clock: systemClock,
    newId: () => crypto.randomUUID(),
    onRateLimit: "fail",
    canary: "zq9f3a7c1e5b2d8460",
  } as const;
  return runAgent(agent, deps, new AbortController().signal);
}

async function measureMode(mode: Mode, rounds: number): Promise<readonly Measured[]> {
  const answers = answersOf(mode);
  const [, sampleRows] = ROWS[0] ?? [];
  const [, usual = "{}"] = answers[0] ?? [];
  if (!sampleRows) throw new Error("There are no rows.");
  // Code that has never run is slow once in the life of a process.
  for (let round = 0; round < 5; round += 1) await run(mode, usual, sampleRows);
  const measured: Measured[] = [];
  const measure = async (what: string, answer: string, rows: typeof sampleRows, times = rounds) => {
    const longestMs = await best(times, () => run(mode, answer, rows));
    measured.push({ mode, what, longestMs });
  };
  for (const [what, rows] of ROWS) await measure(what, usual, rows);
  for (const [what, answer] of answers) await measure(`answer: ${what}`, answer, sampleRows);
  // The same code reads the answers of all agents.
  const malformed = mode === "strategy" ? MALFORMED_ANSWERS : [];
  for (const [what, answer] of malformed) await measure(what, answer, sampleRows, 1);
  return measured;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean" },
      max: { type: "string", default: "50" },
      rounds: { type: "string", default: "3" },
      mode: { type: "string" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [max, rounds] = [Number(values.max), Number(values.rounds)];
  const parse = (text: string) => () => JSON.parse(text);
  const measurePage = () => JSON.stringify(JSON.parse(PAGE)).length;
  const measured: Measured[] = [
    { mode: "all", what: "a page of rows", longestMs: await best(rounds, measurePage) },
    { mode: "all", what: "1000 metrics", longestMs: await best(rounds, parse(SNAPSHOT_PAGE)) },
  ];
  for (const mode of MODES.filter((one) => (values.mode ?? one) === one)) {
    measured.push(...(await measureMode(mode, rounds)));
  }
  for (const { mode, what, longestMs } of measured.toSorted((a, b) => b.longestMs - a.longestMs)) {
    console.log(`${longestMs.toFixed(1).padStart(8)} ms  ${mode.padEnd(12)}  ${what}`);
  }
  const tooLong = measured.filter(({ longestMs }) => longestMs > max);
  console.log(`${measured.length} cases, ${tooLong.length} above ${max} ms`);
  return tooLong.length === 0 ? 0 : 1;
}

process.exitCode = await main();
