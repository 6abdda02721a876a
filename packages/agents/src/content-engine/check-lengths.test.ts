import { expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { readContentEngineContext } from "./context.ts";
import { finishContent } from "./finish.ts";
import { type ContentEngineOutput, inputSchema } from "./schema.ts";

type Asset = ContentEngineOutput["assets"][number];

const contextOf = (input: object) =>
  readContentEngineContext(sampleSource(), inputSchema.parse(input));

const context = await contextOf({ channels: ["email"] });
const [a, b] = sampleContent.assets;
if (!a || !b) throw new Error("The sample has two assets.");

const finish = (assets: readonly Asset[], known = context) =>
  finishContent({ ...sampleContent, assets: [...assets] }, known);

/** Without findings of the summary, which is recounted if the assets differ. */
const findingsIn = ({ findings }: ReturnType<typeof finishContent>) =>
  findings
    .filter(({ path }) => path !== "content_summary")
    .map(({ kind, path, fixed }) => `${fixed ? "fixed" : "open"} ${kind} ${path}`);

const post = (channel: Asset["channel"], of: Partial<Asset>) =>
  findingsIn(
    finish(
      [
        { ...a, channel, ...of },
        { ...b, channel },
      ],
      { ...context, asked: { ...context.asked, channels: null } },
    ),
  ).filter((finding) => finding.includes("length assets[0]"));

test.each([
  ["email", { title: "x".repeat(61) }, "title"],
  ["email", { body: "word ".repeat(201) }, "body"],
  ["linkedin", { body: "word ".repeat(201) }, "body"],
  ["linkedin", { body: "x".repeat(3_001) }, "body"],
  ["instagram", { body: "word ".repeat(126) }, "body"],
  ["instagram", { body: "x".repeat(2_201) }, "body"],
  ["facebook", { body: "word ".repeat(81) }, "body"],
  ["twitter", { body: `${"x".repeat(260)} {{cta_url}}` }, "body"],
  ["blog", { title: "x".repeat(71) }, "title"],
  ["blog", { body: `Text\n\nMeta description: ${"x".repeat(161)}` }, "metadata.meta_description"],
  [
    "landing_page",
    { metadata: { ...a.metadata, meta_title: "x".repeat(71) } },
    "metadata.meta_title",
  ],
  ["email", { metadata: { ...a.metadata, preheader: "x".repeat(111) } }, "metadata.preheader"],
  ["blog", { body: "word ".repeat(901) }, "body"],
  ["landing_page", { title: "x".repeat(91) }, "title"],
  ["landing_page", { body: "word ".repeat(601) }, "body"],
  ["video_script", { body: "word ".repeat(351) }, "body"],
  ["google_ads", { body: `**Headline 1:** ${"x".repeat(31)}` }, "body"],
  ["google_ads", { body: `- Description: ${"冬".repeat(46)}` }, "body"],
] as const)("a text that is too long for %s is a finding", (channel, of, place) => {
  expect(post(channel, of)).toContain(`open length assets[0].${place}`);
});

test.each([
  ["email", { title: "x".repeat(60) }],
  ["email", { body: "word ".repeat(200) }],
  ["twitter", { body: `${"x".repeat(256)} {{cta_url}}` }],
  ["google_ads", { body: `Headline: ${"x".repeat(30)}\nDescription: ${"x".repeat(90)}` }],
] as const)("what just fits %s is not", (channel, of) => {
  expect(post(channel, of)).toEqual([]);
});

test("what is usual on a channel is advice, what it takes is a limit", () => {
  const gradesOf = (body: string) =>
    finish([{ ...a, channel: "linkedin", body }], { ...context, asked: open })
      .findings.filter(({ kind }) => kind === "length")
      .map(({ grade }) => grade ?? "exact");
  const open = { ...context.asked, channels: null };

  expect(gradesOf("word ".repeat(201))).toEqual(["doubt"]);
  expect(gradesOf("word ".repeat(19))).toEqual(["doubt"]);
  expect(gradesOf("x".repeat(3_001))).toContain("exact");
});

test.each([
  ["About 1,500 words", 1_500, 300, "“1,500 words”"],
  ["80 bis 120 Wörter für den Newsletter", 110, 30, "“80 bis 120 Wörter”"],
  ["Une lettre d'au moins 400 mots", 800, 200, "“400 mots”"],
  ["Como máximo 90 palabras", 20, 150, "“90 palabras”"],
])("a length that was asked for is the length: %s", async (prompt, fits, wrong, written) => {
  const known = await contextOf({ channels: ["email"], prompt });
  const lengths = (count: number) =>
    finish([{ ...a, body: "word ".repeat(count) }], known)
      .findings.filter(({ kind }) => kind === "length")
      .map(({ message }) => message);

  expect(lengths(fits)).toEqual([]);
  expect(lengths(wrong)).toEqual([expect.stringContaining(written)]);
});

test("hashtags are counted", () => {
  const hashtags = Array.from({ length: 11 }, (_, i) => `#tag${i}`);

  expect(post("instagram", { metadata: { ...a.metadata, hashtags } })).toHaveLength(1);
});

test("a search ad has its lines", () => {
  const ad = (asset: Asset, thought: string): Asset => ({
    ...asset,
    channel: "google_ads",
    body: `Headline: ${thought}\nHeadline: Calm books\nHeadline: One hour\nDescription: ${thought}, and calmly\nDescription: See tomorrow`,
  });
  const known = { ...context, asked: { ...context.asked, channels: null } };

  expect(findingsIn(finish([ad(a, "Winter is long"), ad(b, "An hour will do")], known))).toEqual(
    [],
  );
  expect(findingsIn(finish([{ ...ad(a, "x"), body: "Buy!" }, ad(b, "y")], known))).toEqual([
    "open missing assets[0].body",
    "open missing assets[0].body",
  ]);
});
