/** A yoga studio that has only begun: Swiss German with "du", francs, no offers, no numbers. */
import { brandRow, profile, segmentRow, type Workspace } from "./workspace-rows.ts";

export const bergatem: Workspace = {
  profile: profile("Bergatem", { time_zone: "Europe/Zurich", currency: "CHF", language: "de" }),
  today: "2026-12-01",
  rows: {
    cmo_brand_profiles: [
      brandRow({
        id: "f6000000-0000-4000-8000-000000000010",
        brand_name: "Bergatem",
        industry: "Yogastudio in Zürich Wiedikon",
        unique_value_proposition: "Yoga in 45 Minuten, auch für Leute, die steif sind.",
        brand_voice: "Warm, leise, mit Humor; wir sagen du",
      }),
    ],
    cmo_icp_segments: [
      segmentRow({
        id: "f6000000-0000-4000-8000-000000000011",
        segment_name: "Büromenschen über vierzig",
        segment_description: "Sitzen viel, haben Rückenweh und meiden Fitnessstudios.",
        pain_points: ["Steifer Rücken", "Kurse sind zu akrobatisch", "Keine Zeit am Abend"],
        goals: ["Wieder beweglich sein", "Abschalten"],
        objections: ["Ich bin nicht gelenkig"],
        preferred_channels: ["instagram", "email"],
        is_primary: true,
        priority_score: 70,
      }),
    ],
  },
};
