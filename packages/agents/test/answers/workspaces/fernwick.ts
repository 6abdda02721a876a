/** Bicycle repair in one town: British English, pounds, little money, nothing measured. */
import { brandRow, offerRow, profile, segmentRow, type Workspace } from "./workspace-rows.ts";

export const fernwick: Workspace = {
  profile: profile("Fernwick Cycles", {
    time_zone: "Europe/London",
    currency: "GBP",
    language: "en",
  }),
  today: "2026-12-01",
  rows: {
    cmo_brand_profiles: [
      brandRow({
        id: "e5000000-0000-4000-8000-000000000010",
        brand_name: "Fernwick Cycles",
        tagline: "Ride today, not next Tuesday",
        industry: "Bicycle repair and servicing in Bristol",
        unique_value_proposition: "Your bike is back the same day, or we lend you one.",
        brand_voice: "Cheerful, blunt, practical",
        key_differentiators: ["Same-day repair", "A loan bike for every member"],
        messaging_pillars: ["No week without a bike", "Fair prices on the wall"],
        competitors: [{ name: "Pedalworks", notes: "chain, two-week waiting list" }],
        website_url: "https://fernwick.example",
      }),
    ],
    cmo_icp_segments: [
      segmentRow({
        id: "e5000000-0000-4000-8000-000000000011",
        segment_name: "Daily riders",
        segment_description: "Commute by bike all year and have no car to fall back on.",
        pain_points: ["A week without a bike", "Surprise bills", "Brakes that squeal again"],
        goals: ["Get to work", "Know the cost beforehand"],
        buying_triggers: ["A breakdown", "Winter"],
        objections: ["I can do it myself", "Another subscription"],
        preferred_channels: ["instagram", "email", "local posters"],
        is_primary: true,
        priority_score: 80,
      }),
      segmentRow({
        id: "e5000000-0000-4000-8000-000000000012",
        segment_name: "Employers with bike sheds",
        segment_description: "Offices of 50 to 300 people that want fewer cars in the yard.",
        job_titles: ["Office manager", "Facilities manager"],
        pain_points: ["Sheds full of dead bikes", "Parking costs"],
        goals: ["More staff on bikes", "One invoice"],
        objections: ["Who is liable?"],
        preferred_channels: ["linkedin", "email"],
        priority_score: 60,
      }),
    ],
    cmo_offers: [
      offerRow({
        id: "e5000000-0000-4000-8000-000000000013",
        offer_name: "Care Plan",
        offer_type: "subscription",
        description: "Two services a year, same-day repairs and a loan bike.",
        key_benefits: ["Never a week without a bike", "No labour charges"],
        pricing_model: "Monthly, cancel any time",
        price_range: { min: 14, max: 22, currency: "GBP" },
        target_segments: ["Daily riders"],
        is_flagship: true,
      }),
      offerRow({
        id: "e5000000-0000-4000-8000-000000000014",
        offer_name: "Team Fleet Care",
        offer_type: "service",
        description: "A mechanic in your yard, one day a month.",
        key_benefits: ["One invoice", "Every bike checked"],
        pricing_model: "Per visit",
        price_range: { min: 300, max: 900, currency: "GBP" },
        target_segments: ["Employers with bike sheds"],
      }),
    ],
  },
};
