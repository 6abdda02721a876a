/** Finds the agent that a prompt addresses and runs its script. */
import type { AgentName } from "@cmo/shared/contract";
import type { ChatMessage } from "../read-chat-request.ts";
import { answerAsBrandIntake } from "./brand-intake.ts";
import { newCampaign } from "./campaign-designer.ts";
import { newContent } from "./content-engine.ts";
import { DEMO_NOTE } from "./demo-note.ts";
import { newFunnel } from "./funnel-architect.ts";
import { newAnalysis } from "./optimization-analyst.ts";
import { newPlan } from "./plan-90day.ts";
import { type Facts, readFacts } from "./read-facts.ts";

/** Pure: the same facts give the same answer. */
type AnswerScript = (facts: Facts) => string;

const SCRIPTS: ReadonlyMap<string, AnswerScript> = new Map<AgentName, AnswerScript>([
  ["cmo-brand-intake", answerAsBrandIntake],
  ["cmo-plan-90day", asJson(newPlan)],
  ["cmo-funnel-architect", asJson(newFunnel)],
  ["cmo-campaign-designer", asJson(newCampaign)],
  ["cmo-content-engine", asJson(newContent)],
  ["cmo-optimization-analyst", asJson(newAnalysis)],
]);

const STRANGER = `This is the demo gateway of CMO Kernel. It answers for the agents of the kernel, and your system message names none of them. ${DEMO_NOTE}`;

/** `today` is used if the prompt names no date. */
export function answerTo(messages: readonly ChatMessage[], today: string): string {
  const system = messages.find(({ role }) => role === "system")?.content ?? "";
  const [, agent = ""] = /^You are (cmo-[\w-]+)/.exec(system) ?? [];
  return SCRIPTS.get(agent)?.(readFacts(messages, today)) ?? STRANGER;
}

function asJson(write: (facts: Facts) => object): AnswerScript {
  return (facts) => JSON.stringify(write(facts), null, 1);
}
