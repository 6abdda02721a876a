/** The user message of the agents that answer in JSON: the data, then the task. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { type BlockName, dataBlock, newPromptRoom } from "./prompt-data.ts";
import type { Setting } from "./setting.ts";

type Blocks = Partial<Record<BlockName, unknown>>;

/** One sentence for each part of the workspace that did not fit into the blocks. */
interface Excerpted {
  readonly leftOut?: readonly string[];
}

/** Undefined and null values have no block. */
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

/** The request is never left out for the rows of the workspace: it takes its room first. */
export function renderBlocks(setting: Setting, blocks: Blocks): readonly string[] {
  const given: Blocks = { workspace: setting.workspace, ...blocks };
  const isGiven = (name: BlockName) => given[name] !== undefined && given[name] !== null;
  const takeRoom = newPromptRoom();
  const render = (name: BlockName) =>
    takeRoom((bytes) => dataBlock(setting.boundary, name, given[name], bytes));
  const request = isGiven("request") ? [render("request")] : [];
  return [...BLOCK_ORDER.filter(isGiven).map(render), ...request];
}

/** From what changes least; the request follows. */
const BLOCK_ORDER = [
  "workspace",
  "brand",
  "segments",
  "offers",
  "published",
  "last_plan",
  "plan",
  "funnel",
  "stages",
  "campaign",
  "campaigns",
  "metrics",
] as const satisfies readonly BlockName[];
