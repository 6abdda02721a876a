/**
 * Marks the instructions with a word that no answer has a reason to contain: an answer that holds
 * it repeats its instructions. It stands near the beginning and at the end, so that a recital from
 * the top and one of the last part both come past it.
 */
import type { ChatMessage } from "../agent/chat-message.ts";

export function placeCanary(
  messages: readonly ChatMessage[],
  canary: string,
): readonly ChatMessage[] {
  const mark = `(Instructions ${canary})`;
  return messages.map((message) => {
    if (message.role !== "system") return message;
    // The first paragraph says who is spoken to, and stays first.
    const [first, ...others] = message.content.split("\n\n");
    return { ...message, content: [first, mark, ...others, mark].join("\n\n") };
  });
}
