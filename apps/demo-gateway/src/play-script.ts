/**
 * Plays a script on one response.
 *
 * The head is sent with the first bytes, so that a script that begins with a hang hangs before the
 * headers. Nothing is written faster than the client reads.
 */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Pace } from "./pace.ts";
import type { RecordedRequest } from "./request-record.ts";
import { type Closing, contentChoices, type Step } from "./script.ts";

export interface Stage {
  readonly response: ServerResponse;
  readonly entry: RecordedRequest;
  readonly pace: Pace;
  /** The members common to all chunks of an answer. */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** Aborts when the connection has closed. */
  readonly signal: AbortSignal;
}

const HEAD = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-demo-gateway": "scripted answers, not a model",
};

export async function playScript(script: readonly Step[], stage: Stage): Promise<void> {
  for (const step of script) {
    if (step.kind === "piece" || step.kind === "close") await stage.pace.next(stage.signal);
    if (stage.signal.aborted) return;
    await play(step, stage);
  }
}

async function play(step: Step, stage: Stage): Promise<void> {
  switch (step.kind) {
    case "piece":
      stage.entry.piecesSent += 1;
      stage.entry.textSent += step.text;
      return send(pieceLines(step, stage), stage);
    case "chunk":
      return send(chunkLine(step.members, stage), stage);
    case "line":
      return send(step.line, stage);
    case "bytes":
      return flood(step, stage);
    case "hang":
      return untilAborted(stage.signal);
    case "close":
      return close(step.how, stage);
  }
}

function pieceLines({ text, form }: Extract<Step, { kind: "piece" }>, stage: Stage): string {
  const members = { choices: contentChoices(text) };
  return form?.({ ...stage.envelope, ...members }, text) ?? chunkLine(members, stage);
}

function chunkLine(members: Readonly<Record<string, unknown>>, { envelope }: Stage): string {
  return `data: ${JSON.stringify({ ...envelope, ...members })}`;
}

function send(line: string, stage: Stage): Promise<void> {
  return sendBytes(Buffer.from(`${line}\n\n`), stage);
}

async function flood(
  { bytes, times }: Extract<Step, { kind: "bytes" }>,
  stage: Stage,
): Promise<void> {
  for (let turn = 0; turn < times && !stage.signal.aborted; turn += 1) {
    await sendBytes(bytes, stage);
    // Otherwise a fast client would keep this process from serving others.
    await nextTurn();
  }
}

async function sendBytes(bytes: Buffer, stage: Stage): Promise<void> {
  const { response, entry, signal } = stage;
  if (!response.headersSent) {
    entry.status = 200;
    response.writeHead(200, HEAD);
  }
  entry.bytesSent += bytes.length;
  if (!response.write(bytes)) await drained(response, signal);
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, "drain", { signal });
  } catch (error) {
    // A client that left never drains. The caller checks the signal.
    if (!signal.aborted) throw error;
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

async function close(how: Closing, { response, entry }: Stage): Promise<void> {
  // Lets the last write leave first; a reset would discard it.
  await nextTurn();
  entry.closedBy ??= "gateway";
  if (how === "end") response.end();
  else if (how === "fin") response.socket?.destroySoon();
  else response.socket?.resetAndDestroy();
}
