/** A gateway whose answers have an unusual form: pieces, strings, content types, or none at all. */
import { once } from "node:events";
import { createServer } from "node:net";
import { completesIn, failsWith, type Outcome, scenario } from "../asked-fault.ts";
import { expectWhenQuiet } from "../needs-quiet.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, untilEnded } from "../steps.ts";

function calledOnce({ calls }: Outcome, fault: string): void {
  expect(calls.length === 1, `the gateway is called once for ${fault}, not ${calls.length} times`);
}

/** More than one first-byte time, less than two. The arena's is six seconds. */
const GIVEN_UP_WITHIN_MS = 11_000;

function givenUpInTime({ row, calls }: Outcome, fault: string): void {
  calledOnce({ row, calls }, fault);
  const tookMs = Math.round((row.completedAt ?? Infinity) - (calls[0]?.receivedAt ?? 0));
  expect(
    tookMs <= GIVEN_UP_WITHIN_MS,
    `${fault} is given up in one first-byte time, not ${tookMs} ms`,
  );
}

/** Every byte of the gateway's answers, and of the requests to it, arrives in a piece of its own. */
async function readCutAnswers({ arena, client }: Stage): Promise<void> {
  const [first, second] = arena.workers;
  first?.gateway.cut(1);
  second?.gateway.cut(3);
  const faults = [
    undefined,
    undefined,
    "odd-characters",
    "no-space",
    "multi-line",
    "extra-members",
  ];
  const runs = await Promise.all(
    faults.map((fault) => startRun(client, fault === undefined ? {} : { fault })),
  );
  for (const { runId } of runs) {
    const { status, attempt } = await untilEnded(arena, runId);
    expect(status === "completed", `it is read whole, not ${status}`);
    // A busy machine moves single bytes so slowly that the gateway seems silent.
    expectWhenQuiet(attempt === 1, `it is read in one attempt, not in ${attempt}`);
  }
}

/** Readers receive as many events as their log holds; what does not fit comes from the row. */
async function readManyChunks({ arena, client, report }: Stage): Promise<void> {
  const run = await startRun(client, { fault: `many-chunks@${CHUNKS}` });
  const beside = await startRun(client);
  const row = await untilEnded(arena, run.runId);
  await run.reader.done;
  const tookMs =
    (row.completedAt ?? 0) - ((await arena.gateway.callsOf(run.runId))[0]?.receivedAt ?? 0);
  report(`${CHUNKS} chunks were read in ${Math.round(tookMs)} ms, as ${run.reader.count} events`);
  expect(row.status === "completed", `the run completes, not ${row.status} ${row.errorCode ?? ""}`);
  // Beside other programs, a worker that is so busy may miss its short lease.
  expectWhenQuiet(row.attempt === 1, `the run completes in one attempt, not in ${row.attempt}`);
  expect((row.outputText ?? "").length > CHUNKS, "every character of it is kept");
  const { status, attempt } = await untilEnded(arena, beside.runId);
  expect(status === "completed", `others continue, not ${status}`);
  expectWhenQuiet(attempt === 1, `others continue in one attempt, not in ${attempt}`);
}

const CHUNKS = 50_000;

async function refuseOtherTypes({ arena, client }: Stage): Promise<void> {
  const canary = createServer().listen(0, "127.0.0.1");
  let visits = 0;
  canary.on("connection", (socket) => {
    visits += 1;
    socket.destroy();
  });
  await once(canary, "listening");
  const address = canary.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  try {
    for (const fault of ["web-page", "plain-text", "no-content", `redirect@${port}`]) {
      const { runId } = await startRun(client, { fault });
      const { status, errorCode, attempt } = await untilEnded(arena, runId);
      expect(
        status === "failed" && errorCode === "gateway_refused" && attempt === 1,
        `${fault} is refused at once, not ${status} ${errorCode ?? ""} in ${attempt}`,
      );
      const { length } = await arena.gateway.callsOf(runId);
      expect(length === 1, `the gateway is called once for ${fault}, not ${length} times`);
    }
    expect(visits === 0, "a redirect is not followed");
  } finally {
    canary.close();
  }
}

export const GATEWAY_FORM_FAULTS: readonly Scenario[] = [
  scenario(
    {
      id: "F42",
      title: "the gateway answers 400, 401, 403 or 404",
      guarantees: ["G11", "G25"],
    },
    { faults: ["400", "401", "403", "404"], ...failsWith("gateway_refused"), also: calledOnce },
  ),
  scenario(
    { id: "F47", title: "the gateway sends comments without end", guarantees: ["G1", "G25"] },
    { faults: ["only-comments"], ...failsWith("gateway_timeout"), also: givenUpInTime },
  ),
  {
    id: "F54",
    title: "the gateway's answers are cut at every byte, within characters and line ends",
    guarantees: ["G9", "G12"],
    play: readCutAnswers,
  },
  {
    id: "F55",
    title: "the gateway answers a web page, plain text, nothing, or a redirect",
    guarantees: ["G11", "G25"],
    play: refuseOtherTypes,
  },
  {
    id: "F57",
    title: "the gateway sends fifty thousand chunks as fast as they are read",
    guarantees: ["G6", "G8", "G9"],
    play: readManyChunks,
  },
  scenario(
    {
      id: "F80",
      title: "the gateway's names, codes and messages are strings that a database cannot store",
      guarantees: ["G1", "G25"],
    },
    { faults: ["odd-model"], ...completesIn(1), also: calledOnce },
    { faults: ["odd-refusal-once"], ...completesIn(1) },
    { faults: ["odd-refusal"], ...failsWith("gateway_error") },
  ),
];
