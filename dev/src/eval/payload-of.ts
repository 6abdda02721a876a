/** The payload of each mode for a trade. */
import type { RunMode } from "@cmo/shared/contract";
import type { Trade } from "./trades.ts";

export function payloadOf(mode: RunMode, trade: Trade): Record<string, unknown> {
  switch (mode) {
    case "setup":
      return { currentStep: "brand", messages: conversation(trade) };
    case "strategy":
      return { primaryGoal: trade.goal, budget: trade.budget, focusAreas: ["Lead Generation"] };
    case "funnels":
      return { funnelType: "sales" };
    case "campaigns":
      return { campaignGoal: "lead_gen", channels: trade.channels };
    case "content":
      return {
        funnelStage: "consideration",
        channels: ["email", "linkedin"],
        ctaIntent: "convert",
      };
    case "optimization":
      return { period: "last_30_days" };
  }
}

/** Long enough for the interview to produce a block. */
function conversation({ name, brand, goal }: Trade) {
  const said = [
    `We are ${name}. ${brand.industry || "We have only just begun."}`,
    brand.promise || "We do not know yet what we promise.",
    brand.tone || "Friendly, I suppose.",
    goal,
  ];
  const asked = ["Tell me more.", "How do you sound?", "What do you want to reach?"];
  return said.flatMap((content, i) => [
    { role: "user", content },
    ...(asked[i] ? [{ role: "assistant", content: asked[i] }] : []),
  ]);
}
