/** AI SDK's streamText as a UI message stream, made resumable as its guide does. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { JsonToSseTransformStream, streamText } from "ai";
import { required } from "../programs/serve-parent.ts";
import { makeResumable } from "./redis-streams.ts";
import { servePrompts } from "./serve-prompt.ts";

const provider = createOpenAICompatible({
  name: "bench",
  baseURL: required("AI_GATEWAY_URL"),
  apiKey: required("LOVABLE_API_KEY"),
});
const model = provider.chatModel("google/gemini-2.5-flash");

await servePrompts(async (prompt) => {
  const messages = streamText({ model, prompt }).toUIMessageStream();
  return makeResumable(() => messages.pipeThrough(new JsonToSseTransformStream()));
});
