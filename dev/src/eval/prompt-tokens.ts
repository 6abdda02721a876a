/**
 * What a run costs in tokens of its prompt, before and after the prompts and their judgement were
 * reworked: the six sample prompts, and how many honest answers of the corpus cost a second call.
 */
import { readFileSync } from "node:fs";
import { countTokens } from "../../../packages/agents/test/prompts-page/count-tokens.ts";

/** Counted in the same way in the prompts of commit 35a7bfd. */
const BEFORE = {
  "brand-intake": 1819,
  "plan-90day": 3478,
  "funnel-architect": 2777,
  "campaign-designer": 4385,
  "content-engine": 2654,
  "optimization-analyst": 3761,
} as const;
/** Of the honest answers, judged by the code of that commit. */
const SECOND_CALLS_BEFORE = 0.31;

/** `acceptedAtFirst` is a share of the honest answers, from 0 to 1. */
export function describePromptTokens(acceptedAtFirst: number): string {
  const [callsBefore, callsNow] = [1 + SECOND_CALLS_BEFORE, 2 - acceptedAtFirst];
  const agents = Object.entries(BEFORE).map(([agent, before]) => ({
    agent,
    before,
    now: countNow(agent),
  }));
  const sum = (of: (one: (typeof agents)[number]) => number) =>
    agents.reduce((total, one) => total + of(one), 0);
  const all = { agent: "all six", before: sum(({ before }) => before), now: sum(({ now }) => now) };
  const lines = [...agents, all].map(({ agent, before, now }) =>
    toLine(agent, [before, now, before * callsBefore, now * callsNow].map(Math.round)),
  );
  return [
    toLine("", ["prompt", "prompt", "a run", "a run"]),
    toLine("tokens", ["before", "now", "before", "now"]),
    ...lines,
    `A run is its prompt times its calls: ${callsBefore.toFixed(2)} before, ${callsNow.toFixed(2)} now, by the corpus. At 1 USD`,
    "for a million tokens, a thousand tokens of the last two columns are 1 USD for a thousand runs.",
    "The prompts of plan, funnel and content are longer because they hold what was measured, what runs, the last plan, and rules for copy.",
  ].join("\n");
}

const toLine = (name: string, cells: readonly (string | number)[]): string =>
  name.padEnd(22) + cells.map((cell) => String(cell).padStart(10)).join("");

function countNow(agent: string): number {
  const file = new URL(`../../../packages/agents/src/${agent}/prompt.golden.md`, import.meta.url);
  const [, ...messages] = readFileSync(file, "utf8").split(/^=== \w+ ===$/m);
  return messages.reduce((sum, message) => sum + countTokens(message), 0);
}
