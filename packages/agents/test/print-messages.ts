/** Prints messages as a reviewable file; the golden tests compare with it. */

import type { AgentCard } from "../src/agent/agent-card.ts";
import type { ChatMessage } from "../src/agent/chat-message.ts";

export function printMessages(
  { name, version }: AgentCard,
  messages: readonly ChatMessage[],
): string {
  const parts = messages.map(({ role, content }) => `=== ${role} ===\n\n${content}\n`);
  return [`=== ${name}, version ${version} ===\n`, ...parts].join("\n");
}
