/** The request of the AI SDK's `useChat`, read as a request for a run. */
import type { RunMode } from "@cmo/shared/contract";
import { z } from "zod";

const partSchema = z.looseObject({ type: z.string(), text: z.string().optional() });

export const chatSchema = z
  .looseObject({
    id: z.string().min(1).max(200).describe("The chat. Its last run can be resumed by this id."),
    messages: z
      .array(z.looseObject({ role: z.string(), parts: z.array(partSchema) }))
      .min(1)
      .describe(
        "An interview takes the conversation; the other agents take what its user wrote last.",
      ),
    mode: z.string().default("setup").describe("A mode, or the name of an agent."),
    payload: z
      .record(z.string(), z.unknown())
      .nullish()
      .describe("Members of the payload beside the messages, such as `planId`."),
  })
  .meta({
    id: "ChatRequest",
    examples: [
      {
        id: "a chat of mine",
        messages: [{ role: "user", parts: [{ type: "text", text: "We roast coffee in Leeds" }] }],
        mode: "setup",
      },
    ],
  });

type ChatRequest = z.infer<typeof chatSchema>;
type Message = ChatRequest["messages"][number];

export function payloadOf(mode: RunMode, { messages, payload }: ChatRequest) {
  const members = payload ?? {};
  if (mode === "setup") return { ...members, messages: turnsOf(messages) };
  const asked = messages.findLast(({ role }) => role === "user");
  return { ...members, prompt: asked ? textOf(asked) : "" };
}

/** A message without text is an answer that failed before it began. */
function turnsOf(messages: readonly Message[]) {
  return messages
    .filter(({ role }) => role === "user" || role === "assistant")
    .map((message) => ({ role: message.role, content: textOf(message) }))
    .filter(({ content }) => content !== "");
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
}
