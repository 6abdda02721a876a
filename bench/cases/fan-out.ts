/** Many readers of one live run, beside the same lines written by a bare server. */
import { setTimeout as delay } from "node:timers/promises";
import { toPrompt } from "../gateway/script.ts";
import type { Measured, Target } from "../load/calls.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import type { Program } from "../programs/start-program.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import type { CaseRun } from "./case.ts";

export interface FanOutSample extends Measured {
  readonly round: number;
  readonly apiMicros: number;
  readonly rawMicros: number;
}

const OPEN_A_SECOND = 200;
const TEXT_WITHIN_MS = 15_000;
const CLOSE_WITHIN_MS = 15_000;
const WARM_UP_MS = 500;
const CHUNKS = 10_000;

export async function measureFanOut(
  bench: BenchStack,
  run: CaseRun,
  startRawWriter: () => Promise<Program>,
): Promise<FanOutSample[]> {
  const writer = await startRawWriter();
  const { options, say } = run;
  const perSecond = options.number("per-second");
  const samples: FanOutSample[] = [];
  try {
    for (let round = 0; round <= options.number("rounds"); round += 1) {
      say(`round ${round}: ${options.number("readers")} readers on one run, and bare writes`);
      await bench.gateway.ask("beginStreams", null);
      const id = await submit(bench, toPrompt({ perSecond, chunks: CHUNKS }));
      const events = `${bench.apiUrl}/v1/runs/${id}/events`;
      const ours = await measureReaders(bench, run, { url: events, pids: bench.pidsOf("api") });
      const bare = `${writer.url}/${perSecond}`;
      const raw = await measureReaders(bench, run, { url: bare, pids: [writer.pid] });
      if (round === 0) continue;
      samples.push({ round, apiMicros: ours.micros, rawMicros: raw.micros, ...ours.measured });
    }
  } finally {
    await writer.stop();
  }
  return samples;
}

async function submit({ apiUrl, users }: BenchStack, prompt: string): Promise<string> {
  const response = await fetch(`${apiUrl}/v1/runs`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${users.tokens[0]}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      mode: "setup",
      workspace_id: users.workspaceId,
      payload: { messages: [{ role: "user", content: prompt }] },
    }),
  });
  const id = response.headers.get("x-run-id");
  if (!response.ok || id === null) throw new Error(`The submit was answered ${response.status}.`);
  return id;
}

async function measureReaders(
  bench: BenchStack,
  { options }: CaseRun,
  { url, pids }: { readonly url: string; readonly pids: readonly number[] },
) {
  const target: Target = { dialect: "get", url, tokens: bench.users.tokens, body: "" };
  const count = options.number("readers");
  const opened = await bench.load.ask("open", {
    target,
    count,
    perSecond: OPEN_A_SECOND,
    textWithinMs: TEXT_WITHIN_MS,
  });
  if (opened.withText < count) throw new Error(`Only ${opened.withText} readers have text.`);
  await delay(WARM_UP_MS);
  const readCpu = watchCpu({ own: pids });
  const measured = await bench.load.ask("measure", { ms: options.number("seconds") * 1000 });
  const { byGroup } = readCpu();
  await bench.gateway.ask("endStreams", null);
  // A bare server's streams have no end: those are cut off.
  const withinMs = url.startsWith(bench.apiUrl) ? CLOSE_WITHIN_MS : 1;
  await bench.load.ask("close", { withinMs });
  return { measured, micros: ((byGroup["own"] ?? 0) * 1000) / measured.chunks };
}
