/** Cases 2 and 3: how late a chunk arrives, and what it costs, at so many streams. */

import { workersFor } from "../systems/bench-stack.ts";
import { findSystems } from "../systems/index.ts";
import { installPeers } from "../systems/install-peers.ts";
import type { System } from "../systems/system.ts";
import type { Case, CaseRun, Findings } from "./case.ts";
import { judgeLag } from "./lag-goals.ts";
import { chartLag, type LagSample, tabulateLag } from "./lag-tables.ts";
import { measureStreams } from "./measure-streams.ts";
import { withBenchStack, withSystems } from "./with-bench-stack.ts";

export const LAG: Case = {
  name: "lag",
  summary: "lag and CPU a chunk at so many streams (cases 2 and 3)",
  options: {
    streams: {
      default: "50,150,300",
      help: "sizes; in each round a system's streams grow from one to the next",
    },
    "large-streams": { default: "600,1000", help: "sizes measured once, to find the limit" },
    "large-systems": { default: "pass-through,ours", help: "the systems of the large sizes" },
    rounds: { default: "5", help: "rounds A B A B" },
    seconds: { default: "1.2", help: "how long each measurement lasts" },
    "per-second": { default: "20", help: "chunks a second and stream" },
    systems: { default: "pass-through,naive,ours", help: "in the order of a round" },
    once: { default: "", help: "systems of the first round alone" },
  },
  run: runLag,
};

export const PEERS: Case = {
  name: "peers",
  summary: "the same beside a polling relay and systems that others wrote, installed on demand",
  options: {
    streams: {
      default: "50,150",
      help: "sizes; in each round a system's streams grow from one to the next",
    },
    "large-streams": { default: "", help: "sizes measured once" },
    "large-systems": { default: "", help: "the systems of the large sizes" },
    rounds: { default: "3", help: "rounds A B A B" },
    seconds: { default: "1.2", help: "how long each measurement lasts" },
    "per-second": { default: "20", help: "chunks a second and stream" },
    systems: {
      default: "polling,ours,resumable-stream,ai-sdk,langgraph,mastra",
      help: "in the order of a round",
    },
    once: {
      default: "polling,resumable-stream",
      help: "systems of the first round alone, by which nothing is judged",
    },
  },
  run: runLag,
};

const WARM_UP_SECONDS = 1;
/** The large sizes look for the limit, and beyond it a system never has text everywhere. */
const LARGE_TEXT_WITHIN_MS = 10_000;
/** More chunks than are due come from other streams than those that are measured. */
const FOREIGN_STREAMS = 1.2;

async function runLag({ options, say }: CaseRun): Promise<Findings> {
  const systems = findSystems(options.list("systems"));
  installPeers(systems, say);
  const [sizes, large] = [options.numbers("streams"), options.numbers("large-streams")];
  const { workers, concurrency } = workersFor(Math.max(...sizes, ...large));
  const samples = await withBenchStack(
    { workers, appEnvironment: { WORKER_CONCURRENCY: String(concurrency) } },
    (bench) =>
      withSystems(bench, systems, async (running) => {
        const all: LagSample[] = [];
        for (const { round, sizes: turn, system } of toPlan(systems, options)) {
          const target = running.get(system.name);
          if (!target) continue;
          say(`round ${round}: ${system.name}, ${turn.join(", ")} streams`);
          const measured = await measureStreams(bench, target, {
            sizes: turn,
            perSecond: options.number("per-second"),
            seconds: options.number("seconds"),
            warmUpSeconds: round === 0 ? WARM_UP_SECONDS : WARM_UP_SECONDS / 2,
            ...(large.includes(turn[0] ?? 0) && { textWithinMs: LARGE_TEXT_WITHIN_MS }),
          });
          if (round === 0) continue;
          for (const sample of measured) {
            // A queue repeats what it believes to be lost while its system was frozen.
            if (sample.sent > FOREIGN_STREAMS)
              say("  left out: streams of an earlier turn still flow");
            else all.push({ round, system: system.name, ...sample });
          }
        }
        return all;
      }),
  );
  return {
    tables: tabulateLag(samples, systems),
    charts: chartLag(samples, systems),
    goals: judgeLag(samples),
    notes: [
      `${workers} worker ${workers === 1 ? "process" : "processes"} with WORKER_CONCURRENCY=${concurrency}; one API process.`,
      "CPU is user and system time in microseconds a chunk delivered. Own CPU is that of the system's processes; Redis, Postgres and the Supabase stand-in are apart.",
      "Sent is the share of chunks that the gateway sent in time: below 100 % the machine is full, and that is the limit that is shown.",
      "In a round, each system in turn opens the smallest number of streams, is measured, and opens more. A round of the smallest size comes first and is thrown away. Lost is counted over all sizes of a turn.",
    ],
    raw: { samples },
  };
}

interface Step {
  readonly round: number;
  readonly sizes: readonly number[];
  readonly system: System;
}

/** Round 0 warms every system up; large sizes follow once, after the rounds. */
function toPlan(systems: readonly System[], options: CaseRun["options"]): readonly Step[] {
  const rising = (name: string) => options.numbers(name).toSorted((a, b) => a - b);
  const [sizes, large] = [rising("streams"), rising("large-streams")];
  const [once, largeSystems] = [options.list("once"), options.list("large-systems")];
  const steps = (round: number, turn: readonly number[], isIn = (_: string) => true): Step[] =>
    turn.length === 0
      ? []
      : systems.filter(({ name }) => isIn(name)).map((system) => ({ round, sizes: turn, system }));
  const isInRound = (round: number) => (name: string) => round === 1 || !once.includes(name);
  const rounds = Array.from({ length: options.number("rounds") }, (_, index) => index + 1);
  return [
    ...steps(0, sizes.slice(0, 1)),
    ...rounds.flatMap((round) => steps(round, sizes, isInRound(round))),
    ...steps(1, large, (name) => largeSystems.includes(name)),
  ];
}
