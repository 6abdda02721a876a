/** Cases 4 and 5: submitting and polling, each beside the bare request that it cannot avoid. */
import { newRunId } from "@cmo/shared/runtime";
import type { LoopReport, RequestLoop } from "../load/calls.ts";
import { watchCpu } from "../measure/cpu-watch.ts";
import { median, pairRatios, toSpread } from "../measure/numbers.ts";
import type { BenchStack } from "../systems/bench-stack.ts";
import type { Case, CaseRun, Findings, Goal } from "./case.ts";
import { digits, ms, spread } from "./render.ts";
import { withBenchStack } from "./with-bench-stack.ts";

const OPTIONS = {
  concurrency: { default: "32", help: "requests at a time" },
  rounds: { default: "5", help: "rounds A B A B" },
  seconds: { default: "1.2", help: "how long each measurement lasts" },
};
const LEAST = 0.8;
const RUNS_POLLED = 32;

export const SUBMIT: Case = {
  name: "submit",
  summary: "submits a second beside the raw RPC (case 4)",
  options: OPTIONS,
  run: (run) => measure(run, submitSubjects, judgeSubmit),
};

export const POLL: Case = {
  name: "poll",
  summary: "polls a second beside the raw read, with and without an ETag (case 5)",
  options: OPTIONS,
  run: (run) => measure(run, pollSubjects, judgePoll),
};

type Subject = Pick<RequestLoop, "method" | "urls" | "headers" | "body">;
type Subjects = Readonly<Record<string, Subject>>;

interface RequestSample extends LoopReport {
  readonly round: number;
  readonly subject: string;
  readonly microsARequest: Readonly<Record<string, number>>;
}

async function measure(
  { options, say }: CaseRun,
  prepare: (bench: BenchStack) => Promise<Subjects>,
  judge: (samples: readonly RequestSample[]) => readonly Goal[],
): Promise<Findings> {
  // Without a worker the database does nothing else meanwhile.
  const samples = await withBenchStack({ workers: 0 }, async (bench) => {
    const subjects = await prepare(bench);
    const all: RequestSample[] = [];
    for (let round = 0; round <= options.number("rounds"); round += 1) {
      for (const [subject, loop] of Object.entries(subjects)) {
        say(`round ${round}: ${subject}`);
        const sample = await measureLoop(bench, {
          ...loop,
          tokens: bench.users.tokens.slice(0, 1),
          concurrency: options.number("concurrency"),
          forMs: options.number("seconds") * 1000,
        });
        if (round > 0) all.push({ round, subject, ...sample });
      }
    }
    return all;
  });
  return {
    tables: [tabulate(samples)],
    charts: [],
    goals: judge(samples),
    notes: ["One API process, no worker. Own CPU is the API's."],
    raw: { samples },
  };
}

async function measureLoop(bench: BenchStack, loop: RequestLoop) {
  const groups = { api: bench.pidsOf("api"), ...bench.shared() };
  const readCpu = watchCpu(groups);
  const report = await bench.load.ask("loop", loop);
  const { byGroup } = readCpu();
  const requests = Object.values(report.statuses).reduce((total, count) => total + count, 0);
  const micros = Object.entries(byGroup).map(([name, cpuMs]): [string, number] => [
    name,
    (cpuMs * 1000) / requests,
  ]);
  return { ...report, microsARequest: Object.fromEntries(micros) };
}

function rawHeaders({ stack }: BenchStack): Record<string, string> {
  return { apikey: stack.publishableKey };
}

const PAYLOAD = { messages: [{ role: "user", content: "Tell us about coffee." }] };

async function submitSubjects(bench: BenchStack): Promise<Subjects> {
  const { stack, apiUrl, users } = bench;
  const rpc = { p_id: "{{run_id}}", p_mode: "setup", p_input: PAYLOAD };
  return {
    "raw RPC": {
      method: "POST",
      urls: [`${stack.supabaseUrl}/rest/v1/rpc/create_run`],
      headers: rawHeaders(bench),
      body: JSON.stringify({ ...rpc, p_workspace_id: users.workspaceId, p_save: false }),
    },
    "POST /v1/runs": {
      method: "POST",
      urls: [`${apiUrl}/v1/runs`],
      headers: {},
      body: JSON.stringify({ mode: "setup", payload: PAYLOAD, workspace_id: users.workspaceId }),
    },
  };
}

async function pollSubjects(bench: BenchStack): Promise<Subjects> {
  const { stack, apiUrl, users } = bench;
  const token = users.tokens[0] ?? "";
  const ids = Array.from({ length: RUNS_POLLED }, newRunId);
  for (const id of ids) await createRun(bench, id);
  const [first] = ids;
  const authorization = { authorization: `Bearer ${token}` };
  const read = await fetch(`${apiUrl}/v1/runs/${first}`, { headers: authorization });
  const etag = read.headers.get("etag") ?? "";
  const get = (urls: readonly string[], headers: Readonly<Record<string, string>>): Subject => ({
    method: "GET",
    urls,
    headers,
    body: null,
  });
  return {
    "raw read": get(
      ids.map((id) => `${stack.supabaseUrl}/rest/v1/agent_runs?select=*&id=eq.${id}`),
      rawHeaders(bench),
    ),
    "GET /v1/runs/:id": get(
      ids.map((id) => `${apiUrl}/v1/runs/${id}`),
      {},
    ),
    "the same, If-None-Match": get([`${apiUrl}/v1/runs/${first}`], { "if-none-match": etag }),
  };
}

async function createRun({ stack, users }: BenchStack, id: string): Promise<void> {
  const response = await fetch(`${stack.supabaseUrl}/rest/v1/rpc/create_run`, {
    method: "POST",
    headers: {
      apikey: stack.publishableKey,
      authorization: `Bearer ${users.tokens[0]}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      p_id: id,
      p_mode: "setup",
      p_input: PAYLOAD,
      p_workspace_id: users.workspaceId,
    }),
  });
  if (!response.ok) throw new Error(`create_run answered ${response.status}.`);
}

function ratesOf(samples: readonly RequestSample[], subject: string): readonly number[] {
  return samples.filter((one) => one.subject === subject).map(({ perSecond }) => perSecond);
}

function tabulate(samples: readonly RequestSample[]) {
  const subjects = [...new Set(samples.map(({ subject }) => subject))];
  const [raw = ""] = subjects;
  return {
    title: "Requests a second: median (min–max) of the rounds",
    columns: [
      "request",
      "a second",
      "of the raw",
      "p50 ms",
      "p99 ms",
      "API µs",
      "database µs",
      "statuses",
    ],
    rows: subjects.map((subject) => {
      const some = samples.filter((one) => one.subject === subject);
      const micros = (group: string) =>
        median(some.map(({ microsARequest }) => microsARequest[group] ?? Number.NaN));
      return [
        subject,
        spread(toSpread(ratesOf(samples, subject))),
        subject === raw
          ? ""
          : spread(pairRatios(ratesOf(samples, subject), ratesOf(samples, raw)), 2),
        ms(median(some.map(({ p50Ms }) => p50Ms))),
        ms(median(some.map(({ p99Ms }) => p99Ms))),
        digits(micros("api")),
        digits(micros("postgres") + micros("supabase")),
        [...new Set(some.flatMap(({ statuses }) => Object.keys(statuses)))].join(" "),
      ];
    }),
  };
}

function judgeRate(samples: readonly RequestSample[], subject: string, raw: string): Goal {
  const ratio = pairRatios(ratesOf(samples, subject), ratesOf(samples, raw));
  return {
    goal: `${subject} ≥ ${LEAST} × the ${raw}`,
    measured: spread(ratio, 2),
    met: ratio.median >= LEAST,
  };
}

function judgeSubmit(samples: readonly RequestSample[]): readonly Goal[] {
  return [judgeRate(samples, "POST /v1/runs", "raw RPC")];
}

function judgePoll(samples: readonly RequestSample[]): readonly Goal[] {
  return [
    judgeRate(samples, "GET /v1/runs/:id", "raw read"),
    judgeRate(samples, "the same, If-None-Match", "raw read"),
  ];
}
