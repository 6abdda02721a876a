/**
 * Marks the instructions with a canary: a word that an answer contains only if it repeats its
 * instructions. The canary is near the beginning and at the end, so that a repetition from the top
 * and one of the last part both contain it.
 */
import type { ChatMessage } from "../agent/chat-message.ts";

export function placeCanary(
  messages: readonly ChatMessage[],
  canary: string,
): readonly ChatMessage[] {
  const mark = `(Instructions ${canary})`;
  return messages.map((message) => {
    if (message.role !== "system") return message;
    // The first paragraph states the role and stays first.
    const [first, ...others] = message.content.split("\n\n");
    return { ...message, content: [first, mark, ...others, mark].join("\n\n") };
  });
}
