/** The agents as the worker runs them. The README's “Adding an agent” lists every other place. */
import type { Agent } from "./agent/define-agent.ts";
import { brandIntakeAgent } from "./brand-intake/index.ts";
import { campaignDesignerAgent } from "./campaign-designer/index.ts";
import { contentEngineAgent } from "./content-engine/index.ts";
import { funnelArchitectAgent } from "./funnel-architect/index.ts";
import { optimizationAnalystAgent } from "./optimization-analyst/index.ts";
import { plan90DayAgent } from "./plan-90day/index.ts";

export const agents: readonly Agent[] = [
  brandIntakeAgent,
  plan90DayAgent,
  funnelArchitectAgent,
  campaignDesignerAgent,
  contentEngineAgent,
  optimizationAnalystAgent,
];

const AGENT_OF_NAME: ReadonlyMap<string, Agent> = new Map(
  agents.map((agent) => [agent.name, agent]),
);

/** Null for an unknown name: a newer API may know more agents than an older worker. */
export function agentByName(name: string): Agent | null {
  return AGENT_OF_NAME.get(name) ?? null;
}
