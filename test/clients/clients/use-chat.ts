/** The chat that the AI SDK's `useChat` holds, and its default transport. */
import assert from "node:assert/strict";
import { Chat } from "@ai-sdk/react";
import { DefaultChatTransport, type UIMessage } from "ai";
import { expectCancelled, expectOutput, expectText, type TestedClient } from "../case.ts";
import { GOAL, type World } from "../world.ts";

function open({ apiUrl, token }: World, { id = "chat", mode = "strategy" } = {}) {
  return new Chat<UIMessage>({
    id,
    transport: new DefaultChatTransport({
      api: `${apiUrl}/v1/chat`,
      headers: { authorization: `Bearer ${token}` },
      body: { mode },
    }),
  });
}

function answerOf({ messages }: Chat<UIMessage>) {
  const message = messages.at(-1);
  return message?.role === "assistant" ? message : undefined;
}

function textOf(chat: Chat<UIMessage>): string {
  const parts = answerOf(chat)?.parts ?? [];
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

async function untilShown(chat: Chat<UIMessage>, characters: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (textOf(chat).length < characters) {
    assert.ok(performance.now() < deadline, "a text is shown");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const USE_CHAT: TestedClient = {
  name: "ai, @ai-sdk/react (useChat)",
  cases: {
    async submit(world) {
      const chat = open(world);
      await chat.sendMessage({ text: GOAL });
      const part = answerOf(chat)?.parts.find(({ type }) => type === "data-output");
      assert.ok(part && "data" in part, "it has the output");
      const { output } = Object(part.data);
      await expectOutput(world, answerOf(chat)?.id ?? "", output);
    },
    async stream(world) {
      const chat = open(world);
      const sending = chat.sendMessage({ text: GOAL });
      await untilShown(chat, 1);
      assert.equal(chat.status, "streaming");
      await sending;
      await expectText(world, answerOf(chat)?.id ?? "", textOf(chat));
    },
    async resume(world) {
      const before = open(world);
      const sending = before.sendMessage({ text: GOAL });
      await untilShown(before, 20);
      await before.stop();
      await sending;
      const after = open(world);
      await after.resumeStream();
      await expectText(world, answerOf(after)?.id ?? "", textOf(after));
    },
    async cancel(world) {
      const chat = open(world);
      const sending = chat.sendMessage({ text: GOAL });
      await untilShown(chat, 20);
      const runId = answerOf(chat)?.id ?? "";
      await world.cancel(runId);
      await sending;
      assert.equal(chat.status, "ready");
      await expectCancelled(world, runId);
    },
    async error(world) {
      const chat = open(world, { mode: "unheard" });
      await chat.sendMessage({ text: GOAL });
      assert.match(chat.error?.message ?? "", /unknown_mode/);
    },
  },
};
