/** Messages as a file that people review: the golden tests compare with it. */
import type { ChatMessage } from "../gateway/gateway.ts";
import type { AgentCard } from "./agent-card.ts";

export function printMessages(
  { name, version }: AgentCard,
  messages: readonly ChatMessage[],
): string {
  const parts = messages.map(({ role, content }) => `=== ${role} ===\n\n${content}\n`);
  return [`=== ${name}, version ${version} ===\n`, ...parts].join("\n");
}
