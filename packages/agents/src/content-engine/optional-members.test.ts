import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { contentEngineAgent } from "./index.ts";

const prepared = await contentEngineAgent.prepare({ channels: ["email"] }, sampleSource());

const accept = (metadata: object) =>
  prepared.accept({
    ...sampleContent,
    assets: sampleContent.assets.map((asset) => ({ ...asset, metadata })),
  });

const NOTHING = {
  preheader: null,
  primary_keyword: null,
  slug: null,
  meta_title: null,
  meta_description: null,
  picture: null,
};

test("an older answer, without the members for inboxes, search results and pictures, is accepted", async () => {
  expect(await accept({ cta: "Read the guide" })).toMatchObject({
    kind: "accepted",
    findings: [],
    output: { assets: [{ metadata: NOTHING }, { metadata: NOTHING }] },
  });
});

test("what cannot be read of them is left out, with a doubt, and refuses no answer", async () => {
  const verdict = await accept({ cta: "Read", preheader: ["a"], picture: "A hotel", slug: {} });

  expect(verdict).toMatchObject({
    kind: "accepted",
    output: { assets: [{ metadata: NOTHING }, { metadata: NOTHING }] },
  });
  expect(verdict.findings.map(({ path, grade }) => [path, grade]).slice(0, 3)).toEqual([
    ["assets[0].metadata.preheader", "doubt"],
    ["assets[0].metadata.picture", "doubt"],
    ["assets[0].metadata.slug", "doubt"],
  ]);
});
