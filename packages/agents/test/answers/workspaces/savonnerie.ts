/** Solid soap by subscription: French with "vous", euros, one measured campaign. */
import {
  brandRow,
  campaignRow,
  channelRow,
  offerRow,
  profile,
  segmentRow,
  thirtyDays,
  type Workspace,
} from "./workspace-rows.ts";

const NOEL = "c3000000-0000-4000-8000-000000000001";

export const savonnerie: Workspace = {
  profile: profile("Savonnerie de Lorme", {
    time_zone: "Europe/Paris",
    currency: "EUR",
    language: "fr",
  }),
  today: "2026-12-01",
  rows: {
    cmo_brand_profiles: [
      brandRow({
        id: "c3000000-0000-4000-8000-000000000010",
        brand_name: "Savonnerie de Lorme",
        tagline: "La salle de bains sans plastique",
        industry: "Savons et shampoings solides",
        unique_value_proposition:
          "Une caissette par mois remplace toutes les bouteilles de la salle de bains.",
        brand_voice: "Douce, précise, un brin malicieuse ; nous vouvoyons",
        brand_tone: "Complice",
        brand_personality: ["douce", "précise", "malicieuse"],
        core_values: ["sobriété", "transparence"],
        key_differentiators: [
          "Saponification à froid à Lorme, dans la Nièvre",
          "Emballage en papier, sans exception",
        ],
        messaging_pillars: ["Moins de bouteilles", "La peau dit merci"],
        competitors: [{ name: "Bulle Verte", notes: "moins cher, fabriqué à l'étranger" }],
        website_url: "https://savonnerie-lorme.example",
      }),
    ],
    cmo_icp_segments: [
      segmentRow({
        id: "c3000000-0000-4000-8000-000000000011",
        segment_name: "Familles zéro déchet",
        segment_description: "Parents de 30 à 45 ans qui réduisent leurs déchets pas à pas.",
        pain_points: [
          "La poubelle jaune déborde",
          "Les shampoings solides moussent mal",
          "Les enfants ont la peau sensible",
        ],
        goals: ["Moins de plastique", "Une routine simple", "Des produits sûrs"],
        buying_triggers: ["Un déménagement", "La naissance d'un enfant"],
        objections: ["C'est trop cher", "Ça fond dans la douche"],
        preferred_channels: ["instagram", "email"],
        budget_range: { min: 15, max: 40, currency: "EUR" },
        is_primary: true,
        priority_score: 80,
      }),
      segmentRow({
        id: "c3000000-0000-4000-8000-000000000012",
        segment_name: "Boutiques vrac",
        segment_description: "Gérantes de petites épiceries sans emballage.",
        pain_points: ["Des ruptures de stock", "Des marges faibles", "Peu de place"],
        goals: ["Fidéliser", "Un rayon hygiène complet", "Des livraisons groupées"],
        objections: ["Les minimums de commande"],
        preferred_channels: ["email", "linkedin"],
        priority_score: 40,
      }),
    ],
    cmo_offers: [
      offerRow({
        id: "c3000000-0000-4000-8000-000000000013",
        offer_name: "La Caissette",
        offer_type: "subscription",
        description: "Quatre savons et un shampoing solide, chaque mois, sans engagement.",
        key_benefits: ["Plus de bouteilles à acheter", "Choix des parfums chaque mois"],
        pricing_model: "Abonnement mensuel sans engagement",
        price_range: { min: 18, max: 24, currency: "EUR" },
        target_segments: ["Familles zéro déchet"],
        is_flagship: true,
      }),
      offerRow({
        id: "c3000000-0000-4000-8000-000000000014",
        offer_name: "Coffret de Noël",
        offer_type: "product",
        description: "Trois savons d'hiver dans une boîte en bois du Morvan.",
        key_benefits: ["Prêt à offrir", "Boîte réutilisable"],
        pricing_model: "Achat unique",
        price_range: { min: 32, max: 32, currency: "EUR" },
      }),
    ],
    cmo_campaigns: [
      campaignRow({
        id: NOEL,
        campaign_name: "Noël sans plastique",
        campaign_type: "conversion",
        objective: "Vendre des coffrets avant le 18 décembre",
        funnel_stage: "conversion",
        target_icp: "Familles zéro déchet",
        target_offer: "Coffret de Noël",
        budget_allocation: 1500,
        primary_kpi: { metric: "Commandes", target: 180 },
      }),
    ],
    cmo_campaign_channels: [
      channelRow({
        id: "c3000000-0000-4000-8000-000000000021",
        campaign_id: NOEL,
        channel_name: "Instagram",
        channel_type: "paid",
        budget_percentage: 70,
      }),
      channelRow({
        id: "c3000000-0000-4000-8000-000000000022",
        campaign_id: NOEL,
        channel_name: "E-mail",
        budget_percentage: 30,
      }),
    ],
    cmo_metrics_snapshots: [
      ...thirtyDays(NOEL, "2026-11-01", {
        impressions: 800,
        clicks: 24,
        conversions: 1,
        cost: 15,
        revenue: 36,
      }),
      ...thirtyDays(NOEL, "2026-12-01", {
        impressions: 800,
        clicks: 16,
        conversions: 2,
        cost: 15,
        revenue: 72,
      }),
    ],
  },
};
