/** Prompts for tests, in the form that the kernel's agents send. */
import type { AgentName } from "@cmo/shared/contract";
import type { ChatMessage } from "../src/read-chat-request.ts";

export type Blocks = Readonly<Record<string, unknown>>;

/** A boundary like that of a run. */
const BOUNDARY = "5f0c9a1e";

export function newPrompt(agent: AgentName, blocks: Blocks): readonly ChatMessage[] {
  return [
    { role: "system", content: `You are ${agent}, made for a test.\n\nAnswer as instructed.` },
    { role: "user", content: `${toBlocks(blocks)}\n\nDo your work.` },
  ];
}

/** The interview has its data in the system message, followed by the conversation. */
export function newInterview(blocks: Blocks, said: readonly string[]): readonly ChatMessage[] {
  const system = `You are cmo-brand-intake, made for a test.\n\n${toBlocks(blocks)}`;
  const conversation = said.flatMap((content): ChatMessage[] => [
    { role: "user", content },
    { role: "assistant", content: "I see. Please go on." },
  ]);
  return [{ role: "system", content: system }, ...conversation.slice(0, -1)];
}

function toBlocks(blocks: Blocks): string {
  return Object.entries(blocks)
    .map(
      ([name, value]) =>
        `<data-${BOUNDARY} name="${name}">\n${JSON.stringify(value, null, 1)}\n</data-${BOUNDARY}>`,
    )
    .join("\n\n");
}

/** A workspace with complete data. */
export const FULL_BLOCKS = {
  workspace: {
    name: "Köfte & Söhne",
    time_zone: "Europe/Berlin",
    currency: "CHF",
    language: "de-CH",
  },
  brand: {
    brand_name: "Köfte & Söhne 東京",
    industry: "Food",
    unique_value_proposition: "Lunch that is ready when you are",
    brand_tone: "cheerful",
    brand_colors: { primary: "#aa0033" },
    key_differentiators: ["Cooked the same morning"],
  },
  segments: [
    {
      segment_name: "Büroteams",
      is_primary: false,
      pain_points: ["cold lunches"],
      preferred_channels: ["Instagram"],
    },
    {
      segment_name: "Schulküchen 🍲",
      is_primary: true,
      pain_points: ["too little staff"],
      goals: ["happy children"],
      objections: ["the price per plate"],
      preferred_channels: ["Newsletter", "LinkedIn"],
    },
  ],
  offers: [
    { offer_name: "Mittagskiste", offer_type: "subscription", key_benefits: ["no cooking"] },
    {
      offer_name: "Festplatte",
      is_flagship: true,
      key_benefits: ["a feast in an hour"],
      price_range: { min: 200, max: 400, currency: "CHF" },
    },
  ],
  request: { today: "2026-11-23" },
} as const;
