import { expect, test } from "vitest";
import { sampleAsset } from "../../test/sample-content-rows.ts";
import { SAMPLE_IDS, SAMPLE_ROWS } from "../../test/sample-rows.ts";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { contentArtifacts } from "./artifacts.ts";
import { readContentEngineContext } from "./context.ts";
import { inputSchema } from "./schema.ts";

const input = inputSchema.parse({ campaignId: SAMPLE_IDS.campaign });
const context = await readContentEngineContext(sampleSource(), input);

function artifactsOf(assets: typeof sampleContent.assets) {
  let made = 0;
  return contentArtifacts(
    { ...sampleContent, assets },
    { input, context, newId: () => `id-${++made}` },
  );
}

test("a pair becomes one asset under its campaign, with both variants under it", () => {
  const [a, b] = sampleContent.assets;
  const [asset, ...variants] = artifactsOf(sampleContent.assets);

  expect(asset).toEqual({
    table: "cmo_content_assets",
    id: "id-1",
    values: {
      campaign_id: SAMPLE_IDS.campaign,
      content_id: "email-1-a",
      title: a?.title,
      content_type: "letter",
      channel: "email",
      funnel_stage: "awareness",
      target_icp: "Independent hotel owners",
      cta: "Read the guide",
      tone: "Warm",
      status: "draft",
    },
  });
  expect(variants.map(({ table, id }) => [table, id])).toEqual([
    ["cmo_content_variants", "id-2"],
    ["cmo_content_variants", "id-3"],
  ]);
  expect(variants[1]?.values).toMatchObject({
    asset_id: "id-1",
    variant_type: "B",
    subject_line: b?.title,
    headline: null,
    body_content: b?.body,
    cta_text: "Read the guide",
    visual_description: "Plain and calm",
  });
});

test("a variant without a counterpart is saved alone, and titles of posts are headlines", () => {
  const posts = sampleContent.assets.slice(1).map((one) => ({ ...one, channel: "blog" as const }));

  expect(artifactsOf(posts)).toMatchObject([
    { table: "cmo_content_assets", values: { content_id: "email-1-b", channel: "blog" } },
    { table: "cmo_content_variants", values: { variant_type: "B", subject_line: null } },
  ]);
});

test("the asset of a planned piece has the piece's id, title, type, message and day", async () => {
  const planned = sampleAsset("row", {
    campaign_id: SAMPLE_IDS.campaign,
    content_id: "C1",
    title: "The January letter",
    key_message: "Know before you owe",
    publish_date: "2026-03-20",
    status: "draft",
  });
  const rows = { ...SAMPLE_ROWS, cmo_content_assets: [planned] };
  const known = await readContentEngineContext(sampleSource(rows), input);
  const assets = sampleContent.assets.map((asset) => ({
    ...asset,
    asset_id: `C1-${asset.variant.toLowerCase()}`,
  }));

  const [asset] = contentArtifacts(
    { ...sampleContent, assets },
    { input, context: known, newId: () => "id" },
  );

  expect(asset?.values).toMatchObject({
    content_id: "C1",
    title: "The January letter",
    key_message: "Know before you owe",
    publish_date: "2026-03-20",
    channel: "email",
    status: "draft",
  });
});
