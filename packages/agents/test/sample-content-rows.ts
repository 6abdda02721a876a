/** Published content of the sample workspace, for tests. */
import type { Row } from "@cmo/shared/db";
import { SAMPLE_WORKSPACE_ID } from "./sample-rows.ts";

const owned = {
  workspace_id: SAMPLE_WORKSPACE_ID,
  tenant_id: SAMPLE_WORKSPACE_ID,
  agent_run_id: null,
  warnings: [],
  created_by: null,
  created_at: "2026-02-01T09:00:00+00:00",
  updated_at: "2026-02-01T09:00:00+00:00",
};

export const sampleAsset = (
  id: string,
  own: Partial<Row<"cmo_content_assets">>,
): Row<"cmo_content_assets"> => ({
  ...owned,
  id,
  campaign_id: null,
  content_id: id,
  title: id,
  content_type: "email",
  channel: "email",
  funnel_stage: null,
  target_icp: null,
  key_message: null,
  supporting_points: [],
  cta: null,
  tone: null,
  estimated_production_time: null,
  dependencies: [],
  publish_date: null,
  status: "published",
  ...own,
});

export const sampleVariant = (
  id: string,
  asset_id: string,
  own: Partial<Row<"cmo_content_variants">>,
): Row<"cmo_content_variants"> => ({
  ...owned,
  id,
  asset_id,
  variant_name: id,
  variant_type: null,
  subject_line: null,
  headline: null,
  body_content: null,
  cta_text: null,
  visual_description: null,
  performance_metrics: {},
  is_winner: false,
  metadata: {},
  ...own,
});
