/** Payroll for craftsmen, priced per employee and month: German with "Sie", euros. */
import {
  brandRow,
  campaignRow,
  channelRow,
  constantWeeks,
  offerRow,
  profile,
  segmentRow,
  thirtyDays,
  type Workspace,
} from "./workspace-rows.ts";

const FRIDAY = "b2000000-0000-4000-8000-000000000001";

export const lohnhafen: Workspace = {
  profile: profile("Lohnhafen", { time_zone: "Europe/Berlin", currency: "EUR", language: "de" }),
  today: "2026-12-01",
  rows: {
    cmo_brand_profiles: [
      brandRow({
        id: "b2000000-0000-4000-8000-000000000010",
        brand_name: "Lohnhafen",
        tagline: "Freitag um drei ist Feierabend",
        industry: "Lohnabrechnung für Handwerksbetriebe",
        unique_value_proposition: "Die Löhne sind in einer halben Stunde fertig, ohne Steuerbüro.",
        brand_voice: "Bodenständig, direkt, freundlich; wir siezen",
        brand_tone: "Auf Augenhöhe",
        brand_personality: ["bodenständig", "direkt", "verlässlich"],
        core_values: ["Verlässlichkeit", "Klarheit"],
        key_differentiators: [
          "Stunden kommen per Foto vom Stundenzettel",
          "SOKA-Bau und Tarife sind hinterlegt",
        ],
        messaging_pillars: ["Löhne ohne Umweg", "Der Chef hat den Freitag frei"],
        competitors: [
          { name: "LohnPlus24", notes: "groß, teuer, Hotline nur auf Englisch" },
          { name: "Steuerbüro", notes: "was die meisten haben" },
        ],
        website_url: "https://www.lohnhafen.example",
      }),
    ],
    cmo_icp_segments: [
      segmentRow({
        id: "b2000000-0000-4000-8000-000000000011",
        segment_name: "Inhaber von Handwerksbetrieben",
        segment_description: "Führen 10 bis 50 Leute und machen die Löhne abends selbst.",
        job_titles: ["Inhaber", "Meisterin"],
        pain_points: [
          "Stundenzettel kommen zu spät",
          "Rückfragen vom Steuerbüro",
          "SOKA-Bau ist jedes Mal ein Rätsel",
        ],
        goals: ["Pünktliche Löhne", "Weniger Papier", "Freitag früher Schluss"],
        buying_triggers: ["Jahreswechsel", "Die Bürokraft geht"],
        objections: ["Das macht mein Steuerberater", "Meine Leute fotografieren keine Zettel"],
        preferred_channels: ["email", "Google Ads", "Facebook-Gruppen"],
        is_primary: true,
        priority_score: 80,
      }),
      segmentRow({
        id: "b2000000-0000-4000-8000-000000000012",
        segment_name: "Bürokräfte im Handwerk",
        segment_description: "Rechnen die Löhne in Teilzeit ab, oft ohne Ausbildung dafür.",
        pain_points: ["Angst vor Fehlern", "Keine Vertretung", "Alles am Monatsende"],
        goals: ["Sicherheit", "Weniger Überstunden", "Anerkennung"],
        objections: ["Noch ein Programm", "Wer haftet?"],
        preferred_channels: ["email", "Newsletter"],
        priority_score: 45,
      }),
    ],
    cmo_offers: [
      offerRow({
        id: "b2000000-0000-4000-8000-000000000013",
        offer_name: "Lohnhafen Team",
        offer_type: "subscription",
        description: "Lohnabrechnung je Mitarbeitendem und Monat, 30 Tage kostenlos testen.",
        key_benefits: ["Löhne in einer halben Stunde", "SOKA-Bau automatisch"],
        features: ["Foto vom Stundenzettel", "Hinterlegte Tarife"],
        pricing_model: "pro Mitarbeitendem und Monat",
        price_range: { min: 7, max: 9, currency: "EUR" },
        target_segments: ["Inhaber von Handwerksbetrieben"],
        is_flagship: true,
      }),
    ],
    cmo_campaigns: [
      campaignRow({
        id: FRIDAY,
        campaign_name: "Freitag um drei",
        objective: "Testkonten gewinnen",
        target_icp: "Inhaber von Handwerksbetrieben",
        target_offer: "Lohnhafen Team",
        budget_allocation: 4500,
        primary_kpi: { metric: "Testkonten", target: 90 },
      }),
    ],
    cmo_campaign_channels: [
      channelRow({
        id: "b2000000-0000-4000-8000-000000000021",
        campaign_id: FRIDAY,
        channel_name: "Google Ads",
        channel_type: "paid",
        budget_percentage: 75,
      }),
      channelRow({
        id: "b2000000-0000-4000-8000-000000000022",
        campaign_id: FRIDAY,
        channel_name: "Newsletter",
        budget_percentage: 25,
      }),
    ],
    cmo_metrics_snapshots: [
      ...thirtyDays(FRIDAY, "2026-11-01", {
        impressions: 900,
        clicks: 27,
        conversions: 1,
        cost: 30,
        revenue: 84,
      }),
      ...thirtyDays(FRIDAY, "2026-12-01", {
        impressions: 1000,
        clicks: 20,
        conversions: 1,
        cost: 45,
        revenue: 56,
      }),
    ],
  },
};

/** The same business, measured once a week: nothing changes from week to week. */
export const lohnhafenWeekly: Workspace = {
  ...lohnhafen,
  rows: {
    ...lohnhafen.rows,
    cmo_metrics_snapshots: constantWeeks(FRIDAY, {
      until: "2026-11-29",
      count: 9,
      numbers: { impressions: 7000, clicks: 140, conversions: 7, cost: 315, revenue: 392 },
    }),
  },
};
