/** OpenAI's own client and the AI SDK's, with nothing changed but the address and the key. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { runPageSchema, runSchema } from "@cmo/shared/contract";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { startApi } from "../support/api.ts";
import { eventually } from "../support/eventually.ts";
import { createScriptedWorker } from "../support/scripted-worker.ts";
import { createTenant, type TestUser } from "../support/tenant.ts";

const api = await startApi();
const worker = await createScriptedWorker();

async function claimOf(user: TestUser) {
  const runs = await eventually(
    async () => {
      const response = await api.fetch("/v1/runs?status=running", user.token);
      return runPageSchema.parse(await response.json()).runs;
    },
    (found) => found.length > 0,
  );
  return worker.claim(runs[0]?.id ?? "");
}

async function readInput(user: TestUser): Promise<unknown> {
  const page = runPageSchema.parse(await (await api.fetch("/v1/runs", user.token)).json());
  const response = await api.fetch(`/v1/runs/${page.runs[0]?.id}`, user.token);
  return runSchema.parse(await response.json()).input;
}

const clientOf = (user: TestUser) =>
  new OpenAI({ baseURL: `${api.url}/openai/v1`, apiKey: user.token, maxRetries: 0 });

const ask = {
  model: "cmo-plan-90day",
  messages: [{ role: "user", content: "More sales" }],
} as const;

describe("OpenAI's client", () => {
  test("lists the agents as models", async () => {
    const { user } = await createTenant();
    const { data } = await clientOf(user).models.list();
    expect(data.map(({ id }) => id)).toContain("cmo-plan-90day");
  });

  test("gets the validated output of one agent as the content of one message", async () => {
    const { user } = await createTenant();
    const asking = clientOf(user).chat.completions.create({ ...ask, messages: [...ask.messages] });
    await (await claimOf(user)).complete({ plan_name: "P" });
    const completion = await asking;
    expect(completion.object).toBe("chat.completion");
    expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({ plan_name: "P" });
    expect(await readInput(user)).toMatchObject({ prompt: "More sales" });
  });

  test("streams an interview, and its last chunk says what was used", async () => {
    const { user } = await createTenant();
    const asking = clientOf(user).chat.completions.create({
      model: "setup",
      messages: [{ role: "user", content: [{ type: "text", text: "We sell coffee" }] }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const attempt = await claimOf(user);
    await attempt.say("Tell me more");
    const stream = await asking;
    await attempt.complete({ message: "Tell me more" });
    const chunks = await Array.fromAsync(stream);
    const content = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(content.trim()).toBe("Tell me more");
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: null });
    expect(await readInput(user)).toMatchObject({
      messages: [{ role: "user", content: "We sell coffee" }],
    });
  });

  test("throws its own errors, with the code and the sentence of ours", async () => {
    const { user } = await createTenant();
    const unknown = clientOf(user).chat.completions.create({
      ...ask,
      model: "gpt-5",
      messages: [...ask.messages],
    });
    await expect(unknown).rejects.toMatchObject({
      status: 400,
      code: "unknown_mode",
      message: expect.stringContaining("There is no such model"),
    });
    const stranger = new OpenAI({ baseURL: `${api.url}/openai/v1`, apiKey: "none", maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);

    const failing = clientOf(user).chat.completions.create({ ...ask, messages: [...ask.messages] });
    const outcome = failing.catch((error: unknown) => error);
    await (await claimOf(user)).fail("payment_required", "Nobody has paid.");
    expect(await outcome).toMatchObject({ status: 402, code: "payment_required" });
  });
});

describe("the AI SDK's provider for compatible APIs", () => {
  const modelOf = (user: TestUser) =>
    createOpenAICompatible({ name: "cmo", baseURL: `${api.url}/openai/v1`, apiKey: user.token });

  test("generates and streams", async () => {
    const { user } = await createTenant();
    const model = modelOf(user)("cmo-plan-90day");
    const generating = generateText({ model, prompt: "More sales", maxRetries: 0 });
    await (await claimOf(user)).complete({ plan_name: "P" });
    expect(JSON.parse((await generating).text)).toEqual({ plan_name: "P" });

    const { textStream } = streamText({
      model: modelOf(user)("setup"),
      prompt: "Hello",
      maxRetries: 0,
    });
    const reading = Array.fromAsync(textStream);
    const attempt = await claimOf(user);
    await attempt.say("Hi");
    await attempt.complete({ message: "Hi" });
    expect((await reading).join("").trim()).toBe("Hi");
  });
});
