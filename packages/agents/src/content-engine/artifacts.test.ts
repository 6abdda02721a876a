import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
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
    from: ["assets[0]", "assets[1]"],
  });
  expect(variants.map(({ table, id }) => [table, id])).toEqual([
    ["cmo_content_variants", "id-2"],
    ["cmo_content_variants", "id-3"],
  ]);
  expect(variants.map(({ from }) => from)).toEqual([["assets[0]"], ["assets[1]"]]);
  expect(variants[1]?.values).toMatchObject({
    asset_id: "id-1",
    variant_type: "B",
    subject_line: b?.title,
    headline: null,
    body_content: b?.body,
    cta_text: "Read the guide",
    visual_description: "A small hotel in winter light",
    metadata: { preheader: "What the quiet months bring, and what they cost" },
  });
});

test("a variant without a counterpart is saved alone, and titles of posts are headlines", () => {
  const posts = sampleContent.assets.slice(1).map((one) => ({ ...one, channel: "blog" as const }));

  expect(artifactsOf(posts)).toMatchObject([
    { table: "cmo_content_assets", values: { content_id: "email-1-b", channel: "blog" } },
    { table: "cmo_content_variants", values: { variant_type: "B", subject_line: null } },
  ]);
});

test("a variant says which parameters the link of its call to action gets", async () => {
  const linked = {
    ...context,
    offer: context.offer && {
      ...context.offer,
      landing_page_url: "https://harbor-ledger.example/pro",
    },
  };
  const metadataOf = (known: typeof context) =>
    contentArtifacts(sampleContent, { input, context: known, newId: () => "id" })[2]?.values[
      "metadata"
    ];
  const parameters = {
    utm_source: "email",
    utm_medium: "email",
    utm_campaign: "the-january-letter",
    utm_content: "email-1-b",
  };

  expect(metadataOf(linked)).toMatchObject({
    utm: parameters,
    cta_url: `https://harbor-ledger.example/pro?${new URLSearchParams(parameters)}`,
  });
  const own = { utm_source: "letter", utm_medium: "post", utm_campaign: "january" };
  const tracking = [{ channel_name: "Newsletter", channel_type: "owned", ...own }];
  expect(metadataOf({ ...context, tracking })).toMatchObject({ utm: own });
});

test("links on the brand's own pages get no parameters", () => {
  const posts = sampleContent.assets.slice(0, 1).map((one) => ({ ...one, channel: "blog" }));

  expect(artifactsOf(posts)[1]?.values["metadata"]).toMatchObject({
    utm: null,
    cta_url: "https://harbor-ledger.example",
  });
});

test("a text for a planned piece joins its row, by its id or its title, unless it is published", () => {
  const planned = (content_id: string | null, title: string, status = "draft") => ({
    id: `planned ${title}`,
    content_id,
    title,
    channel: "email",
    status,
  });
  const idOf = (
    asset: Partial<(typeof sampleContent.assets)[number]>,
    row: ReturnType<typeof planned>,
  ) =>
    contentArtifacts(
      { ...sampleContent, assets: sampleContent.assets.map((one) => ({ ...one, ...asset })) },
      { input, context: { ...context, planned: [row] }, newId: () => "new" },
    )[0]?.id;

  expect(idOf({ asset_id: "C1-a" }, planned("C1", "The letter"))).toBe("planned The letter");
  expect(idOf({ title: "the Letter" }, planned(null, "The letter"))).toBe("planned The letter");
  expect(idOf({ asset_id: "C1-a" }, planned("C1", "The letter", "published"))).toBe("new");
  expect(idOf({ asset_id: "C11-a" }, planned("C1", "The letter"))).toBe("new");
});
