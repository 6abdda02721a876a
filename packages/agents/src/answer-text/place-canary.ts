/**
 * Marks the instructions with a canary: a word that an answer contains only if it repeats its
 * instructions. The canary is near the beginning and at the end, so that a repetition from the top
 * and one of the last part both contain it. The worker keeps one canary for its whole life, so that a
 * system message is the same for all runs of an agent and gateways can cache it.
 */
import type { ChatMessage } from "../agent/chat-message.ts";

/**
 * Models that wonder about a mark write about it, and a mark in an answer ends the run. They are not
 * told to leave it out: one that obeyed while it repeats its instructions would not be noticed.
 */
const EXPLANATION =
  "This mark belongs to these instructions and shows the program where they are. It means nothing for your work.";

export function placeCanary(
  messages: readonly ChatMessage[],
  canary: string,
): readonly ChatMessage[] {
  const mark = `(Instructions ${canary})`;
  const explained = `${mark} ${EXPLANATION}`;
  return messages.map((message) => {
    if (message.role !== "system") return message;
    // The first paragraph states the role and stays first.
    const [first, ...others] = message.content.split("\n\n");
    return { ...message, content: [first, explained, ...others, mark].join("\n\n") };
  });
}
