/** What all six agents answer ends in the tables, whole, and what builds on one another is linked. */
import {
  type Pipeline,
  pipelineSchema,
  pipelineStreamEventSchema,
  type Run,
  runSchema,
} from "@cmo/shared/contract";
import { expect, test } from "vitest";
import { DEMO_WORKSPACE, signInDemoUser } from "../support/demo-user.ts";
import { receiveEvents } from "../support/events.ts";
import { eventually } from "../support/eventually.ts";

const user = await signInDemoUser();

async function run(mode: string, payload: object, save = true): Promise<Run> {
  const body = JSON.stringify({ mode, workspace_id: DEMO_WORKSPACE, payload, save });
  const response = await user.api("/v1/runs", { method: "POST", body });
  const { id } = runSchema.parse(await response.json());
  const read = async () => runSchema.parse(await (await user.api(`/v1/runs/${id}?wait=10`)).json());
  return eventually(read, ({ status }) => status !== "running", 50_000);
}

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(table: string, of: { readonly runId: string }): Promise<Row[]> {
  const { data, error } = await user.supabase
    .from(table)
    .select()
    .eq("agent_run_id", of.runId)
    .returns<Row[]>();
  if (error) throw error;
  return data;
}

/** A conversation that has said enough for a block of this step. */
function interview(currentStep: "icp" | "offers") {
  const said = ["We are ready.", "Office managers of small firms love our Monday Box."];
  return { currentStep, messages: said.map((content) => ({ role: "user", content })) };
}

/** How many rows each table must have got, from what was answered. */
const sizeOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);
const modes: [
  mode: string,
  payload: object,
  counts: (output: Row) => Readonly<Record<string, number>>,
][] = [
  ["strategy", {}, () => ({ cmo_marketing_plans: 1 })],
  ["funnels", {}, ({ stages }) => ({ cmo_funnels: 1, cmo_funnel_stages: sizeOf(stages) })],
  [
    "campaigns",
    {},
    ({ channels, content_outline }) => ({
      cmo_campaigns: 1,
      cmo_campaign_channels: sizeOf(channels),
      cmo_content_assets: sizeOf(content_outline),
    }),
  ],
  [
    "content",
    {},
    ({ assets }) => ({
      cmo_content_assets: sizeOf(assets) / 2,
      cmo_content_variants: sizeOf(assets),
    }),
  ],
  ["optimization", {}, ({ recommendations }) => ({ cmo_recommendations: sizeOf(recommendations) })],
  ["setup", interview("icp"), () => ({ cmo_icp_segments: 1 })],
  ["setup", interview("offers"), () => ({ cmo_offers: 1 })],
];

test.each(modes)("%s: what is answered is saved whole", async (mode, payload, counts) => {
  const ended = await run(mode, payload);
  expect(ended).toMatchObject({ status: "completed", error_message: null });
  const expected = Object.entries(counts(ended.output ?? {}));
  expect(expected.length).toBeGreaterThan(0);
  const listed = Map.groupBy(ended.artifacts, ({ table }) => table);
  expect(new Set(listed.keys())).toEqual(new Set(expected.map(([table]) => table)));
  for (const [table, count] of expected) {
    const rows = await rowsOf(table, { runId: ended.id });
    expect(rows, table).toHaveLength(count);
    expect(rows.map(({ id }) => id).sort()).toEqual(
      listed
        .get(table)
        ?.map(({ id }) => id)
        .sort(),
    );
  }
});

test("setup saves nothing unless it is asked to", async () => {
  const { artifacts, save_artifacts } = await run("setup", { prompt: "Hello" }, false);
  expect([artifacts, save_artifacts]).toEqual([[], false]);
});

test("a pipeline of four steps ends with a plan, its funnel, that funnel's campaign, and its content", async () => {
  const body = JSON.stringify({
    workspace_id: DEMO_WORKSPACE,
    steps: ["strategy", "funnels", "campaigns", "content"],
    payload: { prompt: "Win 60 new office subscriptions", strategy: { budget: 12_000 } },
  });
  const response = await user.api("/v1/pipelines", { method: "POST", body });
  const { id } = pipelineSchema.parse(await response.json());
  const events = await Array.fromAsync(receiveEvents(await user.api(`/v1/pipelines/${id}/events`)));
  expect(events.at(-1)).toMatchObject({ type: "completed", id: "end" });
  for (const { type, data } of events) {
    expect(pipelineStreamEventSchema.safeParse(data).error, type).toBeUndefined();
  }

  const pipeline: Pipeline = pipelineSchema.parse(
    await (await user.api(`/v1/pipelines/${id}`)).json(),
  );
  const [strategy, funnels, campaigns, content] = pipeline.runs.map((step) => ({ runId: step.id }));
  if (!strategy || !funnels || !campaigns || !content) throw new Error("A step is missing.");
  const [plan] = await rowsOf("cmo_marketing_plans", strategy);
  const [funnel] = await rowsOf("cmo_funnels", funnels);
  const [campaign] = await rowsOf("cmo_campaigns", campaigns);
  const assets = await rowsOf("cmo_content_assets", content);
  expect(funnel).toMatchObject({ plan_id: plan?.["id"] });
  expect(campaign).toMatchObject({ plan_id: plan?.["id"], funnel_id: funnel?.["id"] });
  expect(assets.length).toBeGreaterThan(0);
  for (const asset of assets) expect(asset["campaign_id"]).toBe(campaign?.["id"]);
});
