/** The AI SDK's provider for APIs like OpenAI's. */
import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, streamText } from "ai";
import { expectOutput, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

function modelOf({ apiUrl, token }: World, name = "cmo-plan-90day") {
  return createOpenAICompatible({
    name: "cmo",
    baseURL: `${apiUrl}/openai/v1`,
    apiKey: token,
  })(name);
}

export const OPENAI_COMPATIBLE: TestedClient = {
  name: "@ai-sdk/openai-compatible",
  cases: {
    async submit(world) {
      const { text } = await generateText({ model: modelOf(world), prompt: GOAL, maxRetries: 0 });
      await expectOutput(world, await world.lastRun(), JSON.parse(text));
    },
    async stream(world) {
      const { textStream } = streamText({ model: modelOf(world), prompt: GOAL, maxRetries: 0 });
      const pieces = await Array.fromAsync(textStream);
      assert.ok(pieces.length > 10, "it arrives in pieces");
      const block = /```json:plan\n([\s\S]*?)\n```/.exec(pieces.join(""))?.[1] ?? "";
      await expectOutput(world, await world.lastRun(), JSON.parse(block));
    },
    resume: "its protocol has no resume: use `useChat` with `/v1/chat`",
    cancel: "its protocol has no cancel: `POST /v1/runs/<X-Run-Id>/cancel`",
    async error(world) {
      const asking = generateText({ model: modelOf(world, "gpt-4o"), prompt: GOAL, maxRetries: 0 });
      await assert.rejects(
        asking,
        (error) =>
          APICallError.isInstance(error) && (error.responseBody ?? "").includes("unknown_mode"),
      );
    },
  },
};
