/**
 * Callers specify modes; rows store agent names. The table is that of the requirements. The aliases
 * are the names under which the replaced functions were deployed.
 */
export const AGENT_OF_MODE = {
  setup: "cmo-brand-intake",
  strategy: "cmo-plan-90day",
  funnels: "cmo-funnel-architect",
  campaigns: "cmo-campaign-designer",
  content: "cmo-content-engine",
  optimization: "cmo-optimization-analyst",
} as const;

export type RunMode = keyof typeof AGENT_OF_MODE;
export type AgentName = (typeof AGENT_OF_MODE)[RunMode];

export const RUN_MODES = [
  "setup",
  "strategy",
  "funnels",
  "campaigns",
  "content",
  "optimization",
] as const satisfies readonly RunMode[];

const MODE_OF_NAME: ReadonlyMap<string, RunMode> = new Map(
  RUN_MODES.flatMap((mode) => {
    const agent = AGENT_OF_MODE[mode];
    return [mode, agent, agent.replace(/^cmo-/, "")].map((name) => [name, mode] as const);
  }),
);

/** Resolves a mode, an agent name or a deployed alias to a mode; null when the name is unknown. */
export function toMode(name: string): RunMode | null {
  return MODE_OF_NAME.get(name) ?? null;
}
