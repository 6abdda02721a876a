/** Supabase's client, whose functions are at our address and whose database is the project's. */
import assert from "node:assert/strict";
import { createClient, FunctionsHttpError } from "@supabase/supabase-js";
import { z } from "zod";
import { expectCancelled, expectOutput, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

const open = (url: string, { publishableKey, token }: World) =>
  createClient(url, publishableKey, { accessToken: async () => token });
const answerSchema = z.object({ success: z.literal(true), run_id: z.string(), data: z.unknown() });
const ask = { mode: "strategy", payload: { primaryGoal: GOAL } };

export const SUPABASE: TestedClient = {
  name: "@supabase/supabase-js",
  cases: {
    async submit(world) {
      const { data } = await open(world.apiUrl, world).functions.invoke("cmo-kernel", {
        body: ask,
      });
      const answer = answerSchema.parse(data);
      await expectOutput(world, answer.run_id, answer.data);
    },
    async stream(world) {
      const { data, error } = await open(world.apiUrl, world).functions.invoke("cmo-plan-90day", {
        body: ask.payload,
      });
      assert.equal(error, null);
      assert.ok(data instanceof Response, "it hands over the stream");
      const lines = (await data.text()).split("\n").filter((line) => line.startsWith("data: {"));
      assert.ok(lines.length > 10, "it arrives in pieces");
      const { output } = await world.ended(await world.lastRun());
      assert.ok(output, "the run has an output");
    },
    resume: "a function's answer has no cursor: `GET /v1/runs/<X-Run-Id>/events`",
    async cancel(world) {
      const runId = await world.submit();
      const { error } = await open(world.supabaseUrl, world).rpc("cancel_run", { p_run_id: runId });
      assert.equal(error, null);
      await expectCancelled(world, runId);
    },
    async error(world) {
      const { error } = await open(world.apiUrl, world).functions.invoke("cmo-kernel", {
        body: { mode: "unheard" },
      });
      assert.ok(error instanceof FunctionsHttpError);
      assert.equal(
        z.object({ code: z.string() }).parse(await error.context.json()).code,
        "unknown_mode",
      );
    },
  },
};
