/** Mastra's durable agent, its stream cached in the Redis that all systems share. */
import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import { createDurableAgent } from "@mastra/core/agent/durable";
import { RedisServerCache } from "@mastra/redis";
import { Redis } from "ioredis";
import { required } from "../programs/serve-parent.ts";
import { servePrompts } from "./serve-prompt.ts";

const agent = new Agent({
  id: "bench",
  name: "bench",
  instructions: "You are a brand strategist who interviews the owner of a business.",
  model: {
    providerId: "bench",
    modelId: "google/gemini-2.5-flash",
    url: required("AI_GATEWAY_URL"),
    apiKey: required("LOVABLE_API_KEY"),
  },
});
const durable = createDurableAgent({
  agent,
  cache: new RedisServerCache({ client: new Redis(required("REDIS_URL")) }),
});
export const mastra = new Mastra({ agents: { bench: durable }, logger: false });

async function* toSse(prompt: string): AsyncGenerator<string> {
  const { output, cleanup } = await durable.stream(prompt);
  try {
    for await (const chunk of output.fullStream) yield `data: ${JSON.stringify(chunk)}\n\n`;
  } finally {
    cleanup();
  }
}

await servePrompts(async (prompt) => toSse(prompt));
