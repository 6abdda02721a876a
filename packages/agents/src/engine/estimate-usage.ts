/** Estimates the usage of a call whose gateway reported none: a stream that was cut, for example. */
import type { Usage } from "@cmo/shared/contract";
import type { ChatMessage } from "../agent/chat-message.ts";
import { tokensOfBytes } from "../tokens/rough-tokens.ts";
import { toUsage } from "./call-tally.ts";

export type CountTokens = (text: string) => Promise<number>;

/** The envelope of a message: its role, its beginning and its end. */
export const MESSAGE_TOKENS = 4;

interface CutAnswer {
  readonly text: string;
  /** The length of thoughts, of which nothing else is kept. */
  readonly hiddenLength: number;
}

export async function estimateUsage(
  count: CountTokens,
  messages: readonly ChatMessage[],
  { text, hiddenLength }: CutAnswer,
): Promise<Usage> {
  const prompt = messages.map(({ content }) => content).join("\n");
  const [sent, received] = await Promise.all([count(prompt), text === "" ? 0 : count(text)]);
  return toUsage(sent + MESSAGE_TOKENS * messages.length, received + tokensOfBytes(hiddenLength));
}

export function bytesOf(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}
