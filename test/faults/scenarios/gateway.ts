/** A gateway that refuses, hangs, breaks off or talks nonsense, asked to by a marker. */
import type { GuaranteeId } from "../../guarantees.ts";
import type { ObservedCall, ObservedRow } from "../history.ts";
import type { Scenario, Stage } from "../scenario.ts";
import { expect, startRun, untilEnded } from "../steps.ts";
import { RATE_LIMITS } from "./rate-limits.ts";

interface Outcome {
  readonly row: ObservedRow;
  readonly calls: readonly ObservedCall[];
}

interface Expected {
  /** The markers, each played by a run of its own. */
  readonly faults: readonly string[];
  readonly ends: (row: ObservedRow) => boolean;
  readonly how: string;
  /** What else has to hold; throws when it does not. */
  readonly also?: (outcome: Outcome, fault: string) => void;
}

async function ask({ arena, client }: Stage, expected: readonly Expected[]): Promise<void> {
  const asked = expected.flatMap((one) => one.faults.map((fault) => ({ ...one, fault })));
  const runs = await Promise.all(
    asked.map(async (one) => ({ ...one, ...(await startRun(client, { fault: one.fault })) })),
  );
  for (const { fault, runId, ends, how, also } of runs) {
    const row = await untilEnded(arena, runId);
    const ended = `${row.status} ${row.errorCode ?? ""} in attempt ${row.attempt}`;
    expect(ends(row), `a run whose gateway plays ${fault} ${how}, not ${ended}`);
    also?.({ row, calls: await arena.gateway.callsOf(runId) }, fault);
  }
}

interface About {
  readonly id: string;
  readonly title: string;
  readonly guarantees: readonly GuaranteeId[];
}

function scenario(about: About, ...expected: readonly Expected[]): Scenario {
  return { ...about, play: (stage) => ask(stage, expected) };
}

const completesIn = (attempt: number) => ({
  ends: (row: ObservedRow) => row.status === "completed" && row.attempt === attempt,
  how: `completes in attempt ${attempt}`,
});
const failsWith = (code: string) => ({
  ends: (row: ObservedRow) => row.status === "failed" && row.errorCode === code,
  how: `fails with ${code}`,
});

/** All of these the gateway sends, and only the first two may be missing from what is kept. */
const ODD = { unstorable: ["\0", "\ud83d "], storable: ["\ufffe", "\uffff", "\u{1f680}"] };

function keepsWhatCanBeKept({ row, calls }: Outcome): void {
  const sent = calls.at(-1)?.textSent ?? "";
  const kept = row.outputText ?? "";
  for (const one of [...ODD.unstorable, ...ODD.storable])
    expect(sent.includes(one), `the gateway sends ${JSON.stringify(one)}`);
  for (const one of ODD.storable)
    expect(kept.includes(one), `${JSON.stringify(one)} is kept, since a database can hold it`);
  const replaced = [...kept].filter((one) => one === "\ufffd").length;
  expect(replaced === ODD.unstorable.length, `two characters are replaced, not ${replaced}`);
  const others = [...sent.toWellFormed()].every(
    (one, at) => [...kept][at] === (one === "\0" ? "\ufffd" : one),
  );
  expect(others && kept.length === sent.length, "all others stay as they were sent");
}

/** The demo gateway's rule of thumb. */
const CHARS_PER_TOKEN = 4;

/** Only the call that answered was billed, so its usage alone is the run's. */
function paysForOneCall({ row, calls }: Outcome, fault: string): void {
  expect(
    calls.length === 2,
    `the gateway is asked twice about ${fault}, not ${calls.length} times`,
  );
  paysForTheLast({ row, calls }, fault);
}

function paysForTheLast({ row, calls }: Outcome, fault: string): void {
  const used = Math.ceil((calls.at(-1)?.textSent.length ?? 0) / CHARS_PER_TOKEN);
  const told = row.usage?.completion_tokens;
  expect(told === used, `a run whose gateway plays ${fault} used ${used} tokens, not ${told}`);
}

/** The ten minutes that a run may work, shortened for those that use them up. */
const SHORT_WORK = { work_limit: "12 seconds", end_grace: "1 second" };

function isTruncated({ row }: Outcome): void {
  expect(row.truncated, "an answer that ran out of room is marked as truncated");
}

export const GATEWAY_FAULTS: readonly Scenario[] = [
  ...RATE_LIMITS,
  {
    ...scenario(
      { id: "F48", title: "the gateway drips", guarantees: ["G1"] },
      {
        faults: ["slow@1"],
        ...failsWith("deadline_exceeded"),
      },
    ),
    arena: { runPolicy: SHORT_WORK },
  },
  scenario(
    {
      id: "F37",
      title: "the gateway sends characters that no database can hold",
      guarantees: ["G1", "G9"],
    },
    {
      faults: ["odd-characters"],
      ...completesIn(1),
      also: keepsWhatCanBeKept,
    },
  ),
  scenario(
    { id: "F38", title: "the gateway sends far too much text", guarantees: ["G1", "G24"] },
    {
      faults: ["huge"],
      ends: ({ status, truncated }) => status === "failed" && truncated,
      how: "fails truncated",
    },
  ),
  scenario(
    { id: "F41", title: "the gateway wants to be paid", guarantees: ["G11"] },
    {
      faults: ["402"],
      ...failsWith("payment_required"),
    },
  ),
  scenario(
    { id: "F43", title: "the gateway answers 500, 502 or 503 once", guarantees: ["G9", "G11"] },
    {
      faults: ["500-once", "502-html-once", "503-once"],
      ...completesIn(1),
      also: paysForOneCall,
    },
  ),
  scenario(
    {
      id: "F44",
      title: "the gateway takes a request and never answers",
      guarantees: ["G1", "G24"],
    },
    {
      faults: ["hang-before-headers-once"],
      ...completesIn(1),
    },
  ),
  scenario(
    { id: "F45", title: "the gateway begins to answer and says nothing", guarantees: ["G1"] },
    {
      faults: ["hang-mid-stream-once@0"],
      ...completesIn(1),
    },
  ),
  scenario(
    {
      id: "F46",
      title: "the gateway falls silent in the middle of the text",
      guarantees: ["G1", "G9"],
    },
    {
      faults: ["hang-mid-stream-once@30"],
      ...completesIn(2),
    },
  ),
  scenario(
    {
      id: "F49",
      title: "the gateway's stream ends in the middle as if all were well",
      guarantees: ["G7", "G9"],
    },
    {
      faults: ["truncated-once"],
      ...completesIn(2),
    },
  ),
  scenario(
    {
      id: "F50",
      title: "the gateway stops for any reason, or for none that it names",
      guarantees: ["G7"],
    },
    { faults: ["length"], ...failsWith("invalid_output"), also: isTruncated },
    { faults: ["content-filter"], ...failsWith("gateway_refused") },
    { faults: ["error-reason-once"], ...completesIn(2) },
    { faults: ["done-only", "finish-only", "unknown-reason"], ...completesIn(1) },
  ),
  scenario(
    {
      id: "F51",
      title: "the gateway reports an error inside its stream",
      guarantees: ["G7", "G21"],
    },
    {
      faults: ["error-mid-stream-once"],
      ...completesIn(2),
    },
  ),
  scenario(
    {
      id: "F52",
      title: "the gateway sends malformed lines, or good ones in odd shapes",
      guarantees: ["G9", "G12"],
    },
    {
      faults: [
        ...["bad-json-line", "bad-json-lines@3", "empty-choices", "null-delta", "early-usage"],
        ...["extra-members", "no-space", "multi-line"],
      ],
      ...completesIn(1),
      also: paysForTheLast,
    },
    // More than three are not a stream of chunks: the attempt is given up.
    { faults: ["bad-json-lines-once@4"], ...completesIn(2) },
    { faults: ["bad-json-lines@4"], ...failsWith("incomplete_stream") },
  ),
  scenario(
    {
      id: "F53",
      title: "the gateway's connection is reset or cut in the middle of the text",
      guarantees: ["G1", "G9"],
    },
    {
      faults: ["reset-mid-stream-once", "cut-mid-stream-once"],
      ...completesIn(2),
    },
  ),
];
