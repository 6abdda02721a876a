/**
 * The agents as the API knows them: names, schemas and descriptions, in the order of the modes.
 * The catalog contains no prompts; `registry.ts` is the worker's list with everything.
 */
import type { RunMode } from "@cmo/shared/contract";
import type { AgentCard } from "./agent/agent-card.ts";
import { brandIntakeCard } from "./brand-intake/card.ts";
import { campaignDesignerCard } from "./campaign-designer/card.ts";
import { contentEngineCard } from "./content-engine/card.ts";
import { funnelArchitectCard } from "./funnel-architect/card.ts";
import { optimizationAnalystCard } from "./optimization-analyst/card.ts";
import { plan90DayCard } from "./plan-90day/card.ts";

export type { AgentCard } from "./agent/agent-card.ts";
export { readLoosely } from "./marketing/loose-input.ts";

export const agentCatalog: readonly AgentCard[] = [
  brandIntakeCard,
  plan90DayCard,
  funnelArchitectCard,
  campaignDesignerCard,
  contentEngineCard,
  optimizationAnalystCard,
];

const CARD_OF_MODE: ReadonlyMap<RunMode, AgentCard> = new Map(
  agentCatalog.map((card) => [card.mode, card]),
);

export function catalogEntry(mode: RunMode): AgentCard {
  const card = CARD_OF_MODE.get(mode);
  if (!card) throw new Error(`No agent serves the mode ${mode}. Add its card to the catalog.`);
  return card;
}
