/** The AI SDK's `Chat`, which `useChat` holds, and its default transport, with an address and a token. */
import { Chat } from "@ai-sdk/react";
import { runPageSchema, runSchema } from "@cmo/shared/contract";
import { DefaultChatTransport, type UIMessage } from "ai";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { createMember, createTenant, type TestUser } from "../support/tenant.ts";

const api = await startApi();
const worker = await createScriptedWorker();

function openChat(user: TestUser, { id, body = {} }: { id: string; body?: object }) {
  return new Chat<UIMessage>({
    id,
    transport: new DefaultChatTransport({
      api: `${api.url}/v1/chat`,
      headers: { authorization: `Bearer ${user.token}` },
      body,
    }),
  });
}

async function claimOf(user: TestUser) {
  const { runs } = await eventually(
    async () => {
      const response = await api.fetch("/v1/runs?status=running", user.token);
      return runPageSchema.parse(await response.json());
    },
    (page) => page.runs.length > 0,
  );
  return worker.claim(runs[0]?.id ?? "");
}

async function readInput(user: TestUser): Promise<unknown> {
  const page = runPageSchema.parse(await (await api.fetch("/v1/runs", user.token)).json());
  const response = await api.fetch(`/v1/runs/${page.runs[0]?.id}`, user.token);
  return runSchema.parse(await response.json()).input;
}

const textOf = (chat: Chat<UIMessage>) =>
  (chat.messages.at(-1)?.parts ?? [])
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
const untilShown = (chat: Chat<UIMessage>, text: string) =>
  eventually(
    () => textOf(chat),
    (shown) => shown === text,
  );

describe("a chat of the AI SDK", () => {
  test("sends the conversation to the interview, and shows the last attempt alone", async () => {
    const { user } = await createTenant();
    const chat = openChat(user, { id: "c" });
    const sending = chat.sendMessage({ text: "We sell coffee" });
    const first = await claimOf(user);
    await first.say("Half an ans");
    await untilShown(chat, "Half an ans");
    await first.release();
    const second = await claimOf(user);
    await second.say("To whom?");
    await second.complete({ message: "To whom?" });
    await sending;
    expect(chat.status).toBe("ready");
    expect(textOf(chat)).toBe("To whom?");
    expect(chat.messages.at(-1)?.parts).toContainEqual(
      expect.objectContaining({ type: "data-output" }),
    );
    expect(await readInput(user)).toMatchObject({
      messages: [{ role: "user", content: "We sell coffee" }],
    });
  });

  test("asks another agent with the mode and the members of its payload", async () => {
    const { user } = await createTenant();
    const payload = { timeHorizon: "90 days" };
    const chat = openChat(user, { id: "c", body: { mode: "strategy", payload } });
    const sending = chat.sendMessage({ text: "More sales" });
    await (await claimOf(user)).complete({ plan_name: "P" });
    await sending;
    expect(await readInput(user)).toMatchObject({ prompt: "More sales" });
  });

  test("is continued after a reload from its beginning, and not once it has ended", async () => {
    const { user } = await createTenant();
    const before = openChat(user, { id: "c" });
    const sending = before.sendMessage({ text: "Hello" });
    const attempt = await claimOf(user);
    await attempt.say("One ");
    await untilShown(before, "One ");
    await before.stop();
    await sending;

    const after = openChat(user, { id: "c" });
    const resuming = after.resumeStream();
    await untilShown(after, "One ");
    await attempt.say("two");
    await attempt.complete({ message: "One two" });
    await resuming;
    expect(textOf(after)).toBe("One two");
    expect(after.messages).toHaveLength(1);

    const late = openChat(user, { id: "c" });
    await late.resumeStream();
    expect([late.messages, late.status]).toEqual([[], "ready"]);
  });

  test("of another member of the workspace is not found by its id", async () => {
    const { user, workspaceId } = await createTenant();
    const other = await createMember(workspaceId, "member");
    const chat = openChat(user, { id: "shared" });
    const sending = chat.sendMessage({ text: "Hello" });
    const attempt = await claimOf(user);
    const response = await api.fetch("/v1/chat/shared/stream", other.token);
    expect(response.status).toBe(204);
    await attempt.complete({ message: "Hi" });
    await sending;
  });

  test("shows our sentence when it is refused, and when its run fails", async () => {
    const { user } = await createTenant();
    const unknown = openChat(user, { id: "c", body: { mode: "unheard" } });
    await unknown.sendMessage({ text: "Hello" });
    expect(unknown.error?.message).toContain("unknown_mode");

    const chat = openChat(user, { id: "d" });
    const sending = chat.sendMessage({ text: "Hello" });
    await (await claimOf(user)).fail("gateway_error", "It failed.");
    await sending;
    expect([chat.status, chat.error?.message]).toEqual(["error", "It failed."]);
  });
});
