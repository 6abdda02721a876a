/** A payload for each mode that works as it stands in any workspace with a brand. */
import type { RunMode } from "@cmo/shared/contract";

export const EXAMPLE_PAYLOADS: Readonly<Record<RunMode, Readonly<Record<string, unknown>>>> = {
  setup: {
    messages: [
      { role: "user", content: "We are Kade Coffee. We roast coffee and deliver it to offices." },
    ],
  },
  strategy: { primaryGoal: "Win 60 new office subscriptions", budget: 20_000 },
  funnels: { funnelType: "marketing", prompt: "From the first cup to a yearly contract" },
  campaigns: { campaignGoal: "lead_gen", channels: ["email", "linkedin"] },
  content: { channels: ["email"], funnelStage: "consideration", ctaIntent: "convert" },
  optimization: { period: "last_30_days" },
};
