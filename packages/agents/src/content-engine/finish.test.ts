import { expect, test } from "vitest";
import { sampleSource } from "../marketing/sample-source.ts";
import { readContentEngineContext } from "./context.ts";
import { finishContent } from "./finish.ts";
import { sampleContent } from "./sample.ts";
import { inputSchema } from "./schema.ts";

const context = await readContentEngineContext(sampleSource(), inputSchema.parse({}));

test("content that is counted right stays as it is, without a finding", () => {
  expect(finishContent(sampleContent, context)).toEqual({ output: sampleContent, findings: [] });
});

test("the summary counts the assets there are", () => {
  const { output, findings } = finishContent(
    {
      ...sampleContent,
      content_summary: {
        total_assets: 12,
        channels_covered: ["email", "tv"],
        funnel_stages_covered: [],
        estimated_production_time: "1 day",
      },
    },
    context,
  );

  expect(output).toEqual(sampleContent);
  expect(findings).toMatchObject([{ path: "content_summary", fixed: true }]);
});

test("words are counted by the rules of the workspace's language", () => {
  const japanese = { ...context, workspace: { ...context.workspace, language: "ja" } };
  const assets = sampleContent.assets.map((asset) => ({ ...asset, body: "冬は長いです。" }));

  const { output } = finishContent({ ...sampleContent, assets }, japanese);

  expect(output.assets[0]?.metadata.word_count).toBeGreaterThan(1);
});

test("a language that is no language tag costs nobody the answer", () => {
  const odd = { ...context, workspace: { ...context.workspace, language: "en_US, informal" } };

  expect(finishContent(sampleContent, odd).output).toEqual(sampleContent);
});
