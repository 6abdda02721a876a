import type { Row } from "@cmo/shared/db";
import { expect, test } from "vitest";
import { sampleAsset, sampleVariant } from "../../../test/sample-content-rows.ts";
import { sampleSource } from "../../../test/sample-source.ts";
import { readPublished } from "./read-published.ts";

type Assets = readonly Row<"cmo_content_assets">[];
type Variants = readonly Row<"cmo_content_variants">[];

const read = (
  cmo_content_assets: Assets,
  cmo_content_variants: Variants,
  channels: readonly string[] = [],
) => readPublished(sampleSource({ cmo_content_assets, cmo_content_variants }).db, channels);

test("three published texts show the voice: the asked channel's first, of each the winner", async () => {
  const assets = ["a", "b", "c", "d"].map((id) => sampleAsset(id, { channel: "blog" }));
  const mail = sampleAsset("mail", { channel: "Newsletter", updated_at: "2025-01-01T00:00:00Z" });
  const variants = [...assets, mail].flatMap(({ id }) => [
    sampleVariant(`${id}1`, id, { variant_type: "A", body_content: `${id} first` }),
    sampleVariant(`${id}2`, id, {
      variant_type: "B",
      body_content: `${id} second`,
      is_winner: id === "a",
    }),
  ]);

  const published = await read([...assets, mail], variants, ["email"]);

  expect(published?.examples.map(({ text }) => text)).toEqual([
    "mail first",
    "a second",
    "b first",
  ]);
});

test("drafts are no examples, and a workspace without anything published has none", async () => {
  const draft = sampleAsset("a", { status: "draft" });

  expect(await read([draft], [sampleVariant("v", "a", { body_content: "Text" })])).toBeNull();
  expect(await read([], [])).toBeNull();
});

test("long texts are cut", async () => {
  const long = sampleVariant("v", "a", { body_content: "x".repeat(9_000) });

  const published = await read([sampleAsset("a", {})], [long]);

  expect(published?.examples[0]?.text).toHaveLength(1_200);
});

test("variants that were measured or won are told with their subject lines and numbers", async () => {
  const variants = [
    sampleVariant("v1", "a", { subject_line: "Won", is_winner: true }),
    sampleVariant("v2", "a", { subject_line: "Lost", performance_metrics: { clicks: 4 } }),
    sampleVariant("v3", "a", { subject_line: "Unknown" }),
  ];

  const published = await read([sampleAsset("a", { channel: "email" })], variants);

  expect(published?.results).toMatchObject([
    { channel: "email", subject_line: "Won", is_winner: true },
    { subject_line: "Lost", performance_metrics: { clicks: 4 } },
  ]);
  expect(published?.results).toHaveLength(2);
});
