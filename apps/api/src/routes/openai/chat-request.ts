/** A request for a chat completion, read as a request for a run. */
import { AGENT_OF_MODE, type RunMode, toMode } from "@cmo/shared/contract";
import { AppError } from "@cmo/shared/runtime";
import { z } from "zod";

/** OpenAI's own limit for a text of this kind is larger than any input of a run. */
const text = z.string();
const contentSchema = z.union([
  text,
  z.array(z.looseObject({ type: z.string(), text: text.optional() })),
]);

export const chatRequestSchema = z
  .looseObject({
    model: z.string().describe("A mode, or the name of an agent."),
    messages: z
      .array(z.looseObject({ role: z.string(), content: contentSchema.nullish() }))
      .min(1)
      .describe("An interview takes the conversation; the other agents take what its user wrote."),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    metadata: z
      .record(z.string(), z.unknown())
      .nullish()
      .describe("Members of the payload beside the messages, such as `planId`."),
  })
  .meta({
    id: "ChatCompletionRequest",
    examples: [
      {
        model: AGENT_OF_MODE.strategy,
        messages: [{ role: "user", content: "Win 60 new office subscriptions" }],
      },
    ],
  });

type ChatRequest = z.infer<typeof chatRequestSchema>;
type Message = ChatRequest["messages"][number];

export function modeOf({ model }: ChatRequest): RunMode {
  const mode = toMode(model);
  if (mode !== null) return mode;
  const known = Object.values(AGENT_OF_MODE).join(", ");
  throw new AppError("unknown_mode", `There is no such model. Use one of ${known}.`);
}

export function payloadOf(mode: RunMode, { messages, metadata }: ChatRequest) {
  const members = metadata ?? {};
  const spoken = messages.filter(({ role }) => role === "user" || role === "assistant");
  if (mode === "setup") {
    const turns = spoken.map((message) => ({ role: message.role, content: textOf(message) }));
    return { ...members, messages: turns };
  }
  const asked = spoken.filter(({ role }) => role === "user").map(textOf);
  return { ...members, prompt: asked.join("\n\n") };
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}
