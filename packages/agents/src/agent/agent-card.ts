/**
 * The description of an agent: enough for the API to accept, document and name its runs. It
 * contains no prompts, so the API never loads one.
 */
import type { AgentName, RunMode } from "@cmo/shared/contract";
import type { z } from "zod";

export interface AgentCard<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  readonly name: AgentName;
  readonly mode: RunMode;
  readonly title: string;
  /** One sentence for people who choose an agent. */
  readonly description: string;
  /** Bump when the prompt or a schema changes meaning; stored on every run. */
  readonly version: number;
  readonly reply: "json" | "prose";
  /** The info string of the block that edge-compatible clients parse. */
  readonly tag: string | null;
  readonly input: Input;
  readonly output: Output;
  /** Names that deployed clients send, with the member that each of them means. */
  readonly legacyFields: Readonly<Record<string, string>>;
}

/** Identity at run time; at compile time, keeps the exact types of the schemas. */
export function defineCard<Input extends z.ZodType, Output extends z.ZodType>(
  card: AgentCard<Input, Output>,
): AgentCard<Input, Output> {
  return card;
}
