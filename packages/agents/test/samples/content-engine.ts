/** Content as a model might answer it for the sample workspace, for tests. */
import type { ContentEngineOutput } from "../../src/content-engine/schema.ts";

type Asset = ContentEngineOutput["assets"][number];

type Own = Pick<Asset, "asset_id" | "channel" | "title" | "body" | "variant">;

const asset = (own: Own, word_count: number): Asset => ({
  ...own,
  asset_type: "letter",
  funnel_stage: "awareness",
  metadata: {
    cta: "Read the guide",
    cta_url_placeholder: "{{cta_url}}",
    target_icp: "Independent hotel owners",
    target_offer: "Harbor Ledger Pro",
    tone: "Warm",
    word_count,
    reading_time: "1 min",
    keywords: ["cash flow"],
    hashtags: [],
    emoji_usage: "none",
    preheader: "What the quiet months bring, and what they cost",
    primary_keyword: null,
    slug: null,
    meta_title: null,
    meta_description: null,
    picture: { brief: "A small hotel in winter light", alt_text: "A hotel in the snow" },
  },
  design_notes: {
    visual_style: "Plain and calm",
    color_emphasis: "Deep teal",
    layout_suggestion: "One column",
  },
  performance_predictions: null,
});

export const sampleContent: ContentEngineOutput = {
  assets: [
    asset(
      {
        asset_id: "email-1-a",
        channel: "email",
        title: "Do you know what January will cost you?",
        body: "Dear {{first_name}}, winter is long, and the bills come whether guests do or not. A plan for the quiet months lets you sleep. Read on: {{cta_url}}",
        variant: "A",
      },
      26,
    ),
    asset(
      {
        asset_id: "email-1-b",
        channel: "email",
        title: "One hour a week, and winter is planned",
        body: "Dear {{first_name}}, an hour is enough to see what the coming weeks bring and what they cost, before they are here. Read on: {{cta_url}}",
        variant: "B",
      },
      24,
    ),
  ],
  content_summary: {
    total_assets: 2,
    channels_covered: ["email"],
    funnel_stages_covered: ["awareness"],
    estimated_production_time: "1 day",
  },
};
