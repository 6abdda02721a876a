/** A gateway that refuses, hangs, disconnects or sends malformed data, as a marker asks it to. */
import { countText } from "../../../apps/demo-gateway/src/count-usage.ts";
import { completesIn, failsWith, type Outcome, scenario } from "../asked-fault.ts";
import type { Scenario } from "../scenario.ts";
import { expect } from "../steps.ts";
import { RATE_LIMITS } from "./rate-limits.ts";

/** The gateway sends all of these; only the first two cannot be stored. */
const ODD = { unstorable: ["\0", "\ud83d "], storable: ["\ufffe", "\uffff", "\u{1f680}"] };

function keepsWhatCanBeKept({ row, calls }: Outcome): void {
  const sent = calls.at(-1)?.textSent ?? "";
  const kept = row.outputText ?? "";
  for (const one of [...ODD.unstorable, ...ODD.storable])
    expect(sent.includes(one), `the gateway sends ${JSON.stringify(one)}`);
  for (const one of ODD.storable)
    expect(kept.includes(one), `${JSON.stringify(one)} is kept, because the database can store it`);
  const replaced = [...kept].filter((one) => one === "\ufffd").length;
  expect(replaced === ODD.unstorable.length, `two characters are replaced, not ${replaced}`);
  const others = [...sent.toWellFormed()].every(
    (one, at) => [...kept][at] === (one === "\0" ? "\ufffd" : one),
  );
  expect(others && kept.length === sent.length, "all others stay as they were sent");
}

/** Only the call with an answer was billed, so the run has its usage only. */
function paysForOneCall(outcome: Outcome, fault: string): void {
  asksTwice(outcome, fault);
  paysForTheLast(outcome, fault);
}

/** Two first-byte times are as long as a run waits for a gateway that sends nothing. */
function asksTwice({ calls }: Outcome, fault: string): void {
  expect(calls.length === 2, `the gateway is called twice for ${fault}, not ${calls.length} times`);
}

function paysForTheLast({ row, calls }: Outcome, fault: string): void {
  const used = countText(calls.at(-1)?.textSent ?? "");
  const stored = row.usage?.completion_tokens;
  expect(stored === used, `a run whose gateway plays ${fault} used ${used} tokens, not ${stored}`);
}

/** The ten minutes that a run may take, shortened for runs that use them up. */
const SHORT_WORK = { work_limit: "12 seconds", end_grace: "1 second" };

function isTruncated({ row }: Outcome): void {
  expect(row.truncated, "an answer that hit the length limit is marked as truncated");
}

export const GATEWAY_FAULTS: readonly Scenario[] = [
  ...RATE_LIMITS,
  {
    ...scenario(
      { id: "F48", title: "the gateway sends its answer too slowly", guarantees: ["G1"] },
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
      title: "the gateway sends characters that the database cannot store",
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
    { id: "F41", title: "the gateway answers 402", guarantees: ["G11"] },
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
      title: "the gateway accepts a request and never answers",
      guarantees: ["G1", "G24"],
    },
    {
      faults: ["hang-before-headers-once"],
      ...completesIn(1),
    },
    { faults: ["hang-before-headers"], ...failsWith("gateway_timeout"), also: asksTwice },
  ),
  scenario(
    { id: "F45", title: "the gateway sends its headers and no text", guarantees: ["G1"] },
    {
      faults: ["hang-mid-stream-once@0"],
      ...completesIn(1),
    },
    { faults: ["hang-mid-stream@0"], ...failsWith("gateway_timeout"), also: asksTwice },
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
      title: "the gateway's stream ends in the middle of the text without an error",
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
      title: "the gateway stops with every finish reason, or without one",
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
      title: "the gateway sends malformed lines, or valid lines in unusual forms",
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
    // With more than three malformed lines the attempt fails.
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
