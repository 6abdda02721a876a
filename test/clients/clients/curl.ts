/** curl, as the README has it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { expectCancelled, expectOutput, expectText, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

const execute = promisify(execFile);
const BUFFER_BYTES = 64 * 1024 * 1024;
/** curl's code for a transfer that took longer than it may. */
const TIMED_OUT = 28;

async function curl({ apiUrl, token }: World, path: string, ...args: readonly string[]) {
  const given = ["-sS", "-H", `authorization: Bearer ${token}`, ...args, `${apiUrl}${path}`];
  const { stdout } = await execute("curl", given, { maxBuffer: BUFFER_BYTES });
  return stdout;
}

const bodyOf = (json: object) => [
  "-H",
  "content-type: application/json",
  "-d",
  JSON.stringify(json),
];
const runSchema = z.object({ id: z.string(), status: z.string(), output: z.unknown().optional() });
const dataSchema = z.object({ text: z.string(), offset: z.int() });

async function submit(world: World): Promise<string> {
  const ask = { mode: "strategy", payload: { primaryGoal: GOAL } };
  return runSchema.parse(JSON.parse(await curl(world, "/v1/runs", ...bodyOf(ask)))).id;
}

/** The text after one more part of a stream, and the id of its last event. */
function fold(held: string, wire: string) {
  let text = held;
  let lastId = "";
  const parser = createParser({
    onEvent({ event, id, data }) {
      lastId = id ?? lastId;
      if (event !== "delta") return;
      const delta = dataSchema.parse(JSON.parse(data));
      assert.equal(delta.offset, text.length, "nothing is missing and nothing comes twice");
      text += delta.text;
    },
  });
  parser.feed(wire);
  return { text, lastId };
}

export const CURL: TestedClient = {
  name: "curl",
  cases: {
    async submit(world) {
      const id = await submit(world);
      const run = runSchema.parse(JSON.parse(await curl(world, `/v1/runs/${id}?wait=30`)));
      assert.equal(run.status, "completed");
      await expectOutput(world, id, run.output);
    },
    async stream(world) {
      const id = await submit(world);
      await expectText(world, id, fold("", await curl(world, `/v1/runs/${id}/events`, "-N")).text);
    },
    async resume(world) {
      const id = await submit(world);
      const cut = await curl(world, `/v1/runs/${id}/events`, "-N", "-m", "1.5").catch(
        (error: { code: number; stdout: string }) => {
          assert.equal(error.code, TIMED_OUT);
          return error.stdout;
        },
      );
      const first = fold("", cut);
      assert.ok(first.text.length > 0, "it was cut off in mid-answer");
      const header = `last-event-id: ${first.lastId}`;
      const rest = await curl(world, `/v1/runs/${id}/events`, "-N", "-H", header);
      await expectText(world, id, fold(first.text, rest).text);
    },
    async cancel(world) {
      const id = await submit(world);
      await curl(world, `/v1/runs/${id}/cancel`, "-X", "POST");
      await expectCancelled(world, id);
    },
    async error(world) {
      const answer = await curl(world, "/v1/runs", ...bodyOf({ mode: "unheard", payload: {} }));
      assert.equal(z.object({ code: z.string() }).parse(JSON.parse(answer)).code, "unknown_mode");
    },
  },
};
