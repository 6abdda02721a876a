import { describe, expect, test } from "vitest";
import { sampleSource } from "../../test/sample-source.ts";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { isCorrectable } from "../agent/finding.ts";
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

test("valid content stays unchanged, without a finding", () => {
  expect(finish(sampleContent.assets)).toEqual({ output: sampleContent, findings: [] });
});

describe("the request", () => {
  test("decides the channels: others and missing ones are findings, and no code deletes one", async () => {
    const known = await contextOf({ channels: ["Newsletter", "LinkedIn"] });
    const tweet = { ...a, asset_id: "tweet", channel: "twitter" };
    const assets = [...sampleContent.assets, tweet];

    const result = finish(assets, known);

    expect(result.output.assets.map(({ channel }) => channel)).toEqual(
      assets.map(({ channel }) => channel),
    );
    expect(findingsIn(result)).toContain("open asked assets");
    expect(findingsIn(result)).toContain("open missing assets");
  });

  test("is an open finding if nothing would remain", async () => {
    const result = finish(sampleContent.assets, await contextOf({ channels: ["blog"] }));

    expect(result.output).toEqual(sampleContent);
    expect(findingsIn(result)).toEqual(["open asked assets", "open missing assets"]);
  });

  test("keeps a channel outside of the vocabulary under its own name, and says so", async () => {
    const known = await contextOf({ channels: ["WhatsApp"] });
    const messages = [a, b].map((asset) => ({ ...asset, channel: "whatsapp" }));

    const result = finish(messages, known);

    expect(result.output.assets.map(({ channel }) => channel)).toEqual(["WhatsApp", "WhatsApp"]);
    expect(findingsIn(result)).toEqual(["fixed normalized assets", "open asked assets[0].channel"]);
    expect(result.findings.filter(isCorrectable)).toEqual([]);
  });

  test("decides the stage, and names the kinds of text", async () => {
    const known = await contextOf({
      channels: ["email"],
      funnelStage: "advocacy",
      contentTypes: ["case studies"],
    });

    const result = finish([a, { ...b, asset_type: "Case studies" }], known);

    expect(result.output.assets.map((asset) => asset.funnel_stage)).toEqual([
      "advocacy",
      "advocacy",
    ]);
    expect(findingsIn(result)).toEqual(["fixed asked assets", "open asked assets[0].asset_type"]);
  });
});

describe("variants", () => {
  test("an A without a B is a finding, and a B without an A", () => {
    expect(findingsIn(finish([a]))).toEqual(["open missing assets[0]"]);
    expect(findingsIn(finish([b]))).toEqual(["open missing assets[0]"]);
  });

  test("two variants of the same content are a finding", () => {
    const same = { ...b, title: a.title.toUpperCase(), body: a.body };

    expect(findingsIn(finish([a, same]))).toEqual(["open duplicate assets[1].body"]);
  });

  test("repeated ids are replaced", () => {
    const { output } = finish([a, { ...b, asset_id: a.asset_id }]);

    expect(output.assets.map((asset) => asset.asset_id)).toEqual(["email-1-a", "email-b-2"]);
  });
});

describe("facts", () => {
  test("invented links become the placeholder, the brand's own stay and get their parameters", () => {
    const body = "Read [this](https://made-up.example/x) or https://www.harbor-ledger.example/a.";

    const { output } = finish([{ ...a, body }, b]);

    expect(output.assets[0]?.body).toBe(
      "Read [this]({{cta_url}}) or https://www.harbor-ledger.example/a?utm_source=email&utm_medium=email&utm_content=email-1-a.",
    );
  });

  test("unknown placeholders and missing calls to action are findings", () => {
    const strange = { ...a, body: `${a.body} {{discount}}` };
    const silent = { ...b, metadata: { ...b.metadata, cta: "" } };

    expect(findingsIn(finish([strange, silent]))).toEqual([
      "open reference assets[0].body",
      "open missing assets[1].metadata.cta",
    ]);
  });

  test("testimonials and numbers that the data does not contain are findings", () => {
    expect(
      findingsIn(finish([{ ...a, body: `${a.body} Trusted by over 5,000 hotels.` }, b])),
    ).toEqual(["open claim assets[0].body"]);
    expect(
      findingsIn(finish([{ ...a, body: `${a.body} Save 37 % of your evenings.` }, b])),
    ).toEqual(["open claim assets[0].body"]);
  });

  test("texts are for the one segment and the one offer that were chosen", () => {
    const other = { ...a, metadata: { ...a.metadata, target_icp: "Chains", target_offer: "Lite" } };

    const result = finish([other, b]);

    expect(result.output).toEqual(sampleContent);
    expect(findingsIn(result)).toEqual(["fixed reference assets"]);
  });
});

describe("predictions", () => {
  const predictions = { expected_ctr: 2.5, expected_engagement: null, confidence: "low" as const };
  const predicted = [{ ...a, performance_predictions: predictions }, b];
  const measuredOn = (channel: string) => ({
    ...context,
    measured: [
      {
        channel,
        current: null,
        previous: null,
        change_percent: null,
        share_of_cost: null,
        share_of_revenue: null,
      },
    ],
  });

  test("of a channel with measured numbers stay, and rates in percent become fractions", () => {
    const { output } = finish(predicted, measuredOn("email"));

    expect(output.assets[0]?.performance_predictions?.expected_ctr).toBe(0.025);
  });

  test.each([
    ["no", context],
    ["another", measuredOn("linkedin")],
  ])("with numbers of %s channel have nothing behind them", (_which, known) => {
    const result = finish(predicted, known);

    expect(result.output).toEqual(sampleContent);
    expect(findingsIn(result)).toEqual(["fixed normalized assets"]);
  });
});

describe("counts", () => {
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

    const { output } = finish([{ ...a, body: "冬は長いです。" }, b], japanese);

    expect(output.assets[0]?.metadata.word_count).toBeGreaterThan(1);
  });

  test("an invalid language tag does not fail the answer", () => {
    const odd = { ...context, workspace: { ...context.workspace, language: "en_US, informal" } };

    expect(finish(sampleContent.assets, odd).output).toEqual(sampleContent);
  });
});

describe("texts are doubted, and stay as they are", () => {
  const doubtsIn = ({ findings }: ReturnType<typeof finishContent>) =>
    findings.map(({ grade, kind, path }) => `${grade} ${kind} ${path}`);

  test.each([
    [
      "another language",
      {},
      "Der Plan für die nächste Woche ist fertig, und wir haben noch Zeit für das Frühstück.",
      "asked",
    ],
    ["what the request does not want", { prompt: "No emojis" }, `${a.body} 🎉`, "asked"],
    ["a competitor", {}, `${a.body} Better than Ledgerly.`, "claim"],
  ])("%s", async (_what, input, body, kind) => {
    const known = await contextOf({ channels: ["email"], ...input });
    const competitors = [{ name: "Ledgerly", notes: "" }];
    const rival = { ...known, brand: { ...known.brand, competitors } };
    const result = finish([{ ...a, body }, b], rival);

    expect(doubtsIn(result)).toContain(`doubt ${kind} assets[0].body`);
    expect(result.output.assets[0]?.body).toBe(body);
  });

  test("words to avoid and another form of address than the one asked for", async () => {
    const asked = await contextOf({
      channels: ["email"],
      voice: { formOfAddress: "du", wordsToAvoid: ["game changer"] },
    });
    const german = { ...asked, workspace: { ...asked.workspace, language: "de" } };
    const body = "Wir freuen uns, dass Sie da sind: ein echter Game-Changer für Sie und Ihr Haus.";

    const doubts = finish([{ ...a, body }, b], german).findings.map(({ message }) => message);

    expect(doubts).toContainEqual(expect.stringContaining("Game-Changer"));
    expect(doubts).toContainEqual(expect.stringContaining("the brand uses the informal one"));
  });
});
