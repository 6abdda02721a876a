/** Runs that are read together hold what each would hold if it were read alone. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { openUserRuns } from "../support/user-run.ts";

const { runs, submit } = await openUserRuns();
const foreign = await openUserRuns();
const worker = await createScriptedWorker();
const { signal } = new AbortController();

/** The first of them is alone, the others are read together. */
const readTogether = (ids: readonly string[]) =>
  Promise.all(ids.map((id) => runs.find(id, signal)));

test("a foreign run and an unknown one are null, and neither hides the others", async () => {
  const [first, mine] = [await submit(), await submit()];
  const theirs = await foreign.submit();
  const found = await readTogether([
    first,
    theirs,
    mine,
    randomUUID(),
    "no id",
    mine.toUpperCase(),
  ]);
  expect(found.map((run) => run?.id ?? null)).toEqual([first, null, mine, null, null, mine]);
  expect(found[2]).toEqual(await runs.find(mine));
});

test("a run that moves on is read with its text, from its claim to its end", async () => {
  const [first, id] = [await submit(), await submit()];
  const followed = async () => (await readTogether([first, id]))[1];
  expect(await followed()).toMatchObject({ phase: "queued", attempt: 0, output_text: null });
  const attempt = await worker.claim(id);
  expect(await followed()).toMatchObject({ phase: "active", attempt: 1, output_text: null });
  await attempt.say("half");
  await attempt.release();
  expect(await followed()).toMatchObject({ phase: "queued", output_text: "half" });
  const second = await worker.claim(id);
  expect(await followed()).toMatchObject({ phase: "active", attempt: 2, output_text: null });
  await second.say("whole");
  await second.complete({ message: "Done." });
  expect(await followed()).toMatchObject({ status: "completed", output_text: "whole" });
  expect(await followed()).toEqual(await runs.find(id));
});
