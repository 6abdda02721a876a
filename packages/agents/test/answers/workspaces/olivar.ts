/** Olive oil sold directly: Spanish with "tú", euros, one measured campaign. */
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

const PRENSADA = "d4000000-0000-4000-8000-000000000001";

export const olivar: Workspace = {
  profile: profile("Olivar de Alcaudia", {
    time_zone: "Europe/Madrid",
    currency: "EUR",
    language: "es",
  }),
  today: "2026-12-01",
  rows: {
    cmo_brand_profiles: [
      brandRow({
        id: "d4000000-0000-4000-8000-000000000010",
        brand_name: "Olivar de Alcaudia",
        tagline: "Del árbol a tu cocina",
        industry: "Aceite de oliva virgen extra, venta directa",
        unique_value_proposition:
          "Aceite de una sola finca, prensado el mismo día y enviado en la misma semana.",
        brand_voice: "Cercana, sabrosa, sin adornos; tuteamos",
        brand_tone: "De vecino a vecino",
        brand_personality: ["cercana", "honesta", "sabrosa"],
        core_values: ["tierra", "honestidad"],
        key_differentiators: ["Prensado el mismo día", "Una sola finca en Jaén"],
        messaging_pillars: ["Sabe a recién hecho", "Sabes de qué olivo viene"],
        competitors: [{ name: "Aceites La Vega", notes: "marca de supermercado" }],
        website_url: "https://olivardealcaudia.example",
      }),
    ],
    cmo_icp_segments: [
      segmentRow({
        id: "d4000000-0000-4000-8000-000000000011",
        segment_name: "Hogares que cocinan a diario",
        segment_description: "Familias de ciudad que cocinan en casa y leen las etiquetas.",
        pain_points: [
          "El aceite del súper no sabe a nada",
          "No saben de dónde viene",
          "El precio cambia cada semana",
        ],
        goals: ["Comer mejor", "Comprar menos veces", "Apoyar al campo"],
        buying_triggers: ["La cosecha nueva", "Las cenas de Navidad"],
        objections: ["Es más caro", "El envío tarda"],
        preferred_channels: ["instagram", "email"],
        budget_range: { min: 30, max: 100, currency: "EUR" },
        is_primary: true,
        priority_score: 75,
      }),
      segmentRow({
        id: "d4000000-0000-4000-8000-000000000012",
        segment_name: "Restaurantes de producto",
        segment_description: "Cocinas pequeñas que nombran a sus productores en la carta.",
        pain_points: ["Proveedores sin historia", "Pedidos mínimos altos"],
        goals: ["Una carta con origen", "Precio estable todo el año"],
        objections: ["Ya tengo proveedor"],
        preferred_channels: ["email", "WhatsApp"],
        priority_score: 50,
      }),
    ],
    cmo_offers: [
      offerRow({
        id: "d4000000-0000-4000-8000-000000000013",
        offer_name: "Caja de Cosecha",
        offer_type: "product",
        description: "Tres o seis botellas de medio litro de la cosecha nueva.",
        key_benefits: ["Sabor de recién prensado", "Llega en la misma semana"],
        pricing_model: "Pago único, envío incluido",
        price_range: { min: 39, max: 72, currency: "EUR" },
        target_segments: ["Hogares que cocinan a diario"],
        is_flagship: true,
      }),
      offerRow({
        id: "d4000000-0000-4000-8000-000000000014",
        offer_name: "Apadrina un olivo",
        offer_type: "subscription",
        description: "Un olivo con tu nombre y cuatro litros de su aceite al año.",
        key_benefits: ["Tu olivo", "Cuatro litros al año"],
        pricing_model: "Cuota anual",
        price_range: { min: 95, max: 95, currency: "EUR" },
      }),
    ],
    cmo_campaigns: [
      campaignRow({
        id: PRENSADA,
        campaign_name: "Primera prensada",
        campaign_type: "conversion",
        objective: "Vender cajas de la cosecha nueva",
        funnel_stage: "conversion",
        target_icp: "Hogares que cocinan a diario",
        target_offer: "Caja de Cosecha",
        budget_allocation: 1200,
        primary_kpi: { metric: "Pedidos", target: 150 },
      }),
    ],
    cmo_campaign_channels: [
      channelRow({
        id: "d4000000-0000-4000-8000-000000000021",
        campaign_id: PRENSADA,
        channel_name: "Instagram",
        channel_type: "paid",
        budget_percentage: 60,
      }),
      channelRow({
        id: "d4000000-0000-4000-8000-000000000022",
        campaign_id: PRENSADA,
        channel_name: "Boletín",
        budget_percentage: 40,
      }),
    ],
    cmo_metrics_snapshots: [
      ...thirtyDays(PRENSADA, "2026-11-01", {
        impressions: 500,
        clicks: 10,
        conversions: 2,
        cost: 12,
        revenue: 120,
      }),
      ...thirtyDays(PRENSADA, "2026-12-01", {
        impressions: 500,
        clicks: 10,
        conversions: 1,
        cost: 12,
        revenue: 60,
      }),
    ],
  },
};
