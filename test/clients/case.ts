/** What every client is asked to do. */
import assert from "node:assert/strict";
import type { World } from "./world.ts";

export const CASES = ["submit", "stream", "resume", "cancel", "error"] as const;
export type CaseName = (typeof CASES)[number];

export const MEANINGS: Readonly<Record<CaseName, string>> = {
  submit: "starts a run and gets its validated output",
  stream: "shows the text while it is written, and at the end that of the row",
  resume: "is cut off in mid-answer and shows the text of the row all the same",
  cancel: "ends the run, and is told so",
  error: "gets our code for a request that is refused",
};

/** Rejects when the client does something else. */
export type Play = (world: World) => Promise<void>;

export interface TestedClient {
  readonly name: string;
  /** A sentence where the client has no way to do it, with what does it instead. */
  readonly cases: Readonly<Record<CaseName, Play | string>>;
}

export async function expectText(world: World, runId: string, shown: string): Promise<void> {
  const { status, text } = await world.ended(runId);
  assert.equal(status, "completed");
  assert.ok(text.length > 0, "the answer has a text");
  assert.equal(shown, text, `it shows ${shown.length} characters of the ${text.length} of the row`);
}

export async function expectOutput(world: World, runId: string, shown: unknown): Promise<void> {
  const { status, output } = await world.ended(runId);
  assert.equal(status, "completed");
  assert.deepEqual(shown, output);
}

export async function expectCancelled(world: World, runId: string): Promise<void> {
  assert.equal((await world.ended(runId)).status, "cancelled");
}
