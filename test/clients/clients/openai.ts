/** OpenAI's own client with another base URL. */
import assert from "node:assert/strict";
import OpenAI, { APIError } from "openai";
import { expectOutput, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

const open = ({ apiUrl, token }: World) =>
  new OpenAI({ baseURL: `${apiUrl}/openai/v1`, apiKey: token, maxRetries: 0 });
const MODEL = "cmo-plan-90day";

export const OPENAI: TestedClient = {
  name: "openai",
  cases: {
    async submit(world) {
      const completion = await open(world).chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content: GOAL }],
      });
      const content = completion.choices[0]?.message.content ?? "";
      await expectOutput(world, await world.lastRun(), JSON.parse(content));
    },
    async stream(world) {
      const chunks = await open(world).chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content: GOAL }],
        stream: true,
      });
      let content = "";
      let count = 0;
      for await (const chunk of chunks) {
        content += chunk.choices[0]?.delta.content ?? "";
        count += 1;
      }
      assert.ok(count > 10, "it arrives in pieces");
      const block = /```json:plan\n([\s\S]*?)\n```/.exec(content)?.[1] ?? "";
      await expectOutput(world, await world.lastRun(), JSON.parse(block));
    },
    resume:
      "chat completions have no resume: the run goes on, and `GET /v1/runs/<id>` has its answer",
    cancel: "chat completions have no cancel: `POST /v1/runs/<X-Run-Id>/cancel`",
    async error(world) {
      const asking = open(world).chat.completions.create({
        model: "gpt-4o",
        messages: [{ role: "user", content: GOAL }],
      });
      await assert.rejects(
        asking,
        (error) => error instanceof APIError && error.code === "unknown_mode",
      );
    },
  },
};
