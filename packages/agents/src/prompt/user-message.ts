/** The user message of the agents that answer in JSON: the data, then what to do with it. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { type BlockName, dataBlock } from "./prompt-data.ts";
import type { Setting } from "./setting.ts";

type Blocks = Partial<Record<BlockName, unknown>>;

/** What of the workspace the blocks had no room for, a sentence each. */
interface Excerpted {
  readonly leftOut?: readonly string[];
}

/** What is undefined or null has no block. */
export function userMessage(
  setting: Setting & Excerpted,
  blocks: Blocks,
  task: string,
): ChatMessage {
  const notes = setting.leftOut ?? [];
  return {
    role: "user",
    content: [...renderBlocks(setting, blocks), ...notes, task].join("\n\n"),
  };
}

export function renderBlocks(setting: Setting, blocks: Blocks): readonly string[] {
  const given: Blocks = { workspace: setting.workspace, ...blocks };
  return BLOCK_ORDER.filter((name) => given[name] !== undefined && given[name] !== null).map(
    (name) => dataBlock(setting.boundary, name, given[name]),
  );
}

/** From what changes least to what was just asked. */
const BLOCK_ORDER = [
  "workspace",
  "brand",
  "segments",
  "offers",
  "plan",
  "funnel",
  "stages",
  "campaign",
  "campaigns",
  "metrics",
  "request",
] as const satisfies readonly BlockName[];
