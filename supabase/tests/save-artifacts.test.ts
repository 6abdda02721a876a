/** Every table that runs save into: whole, in bounds, under its own parents, once. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import {
  campaignOf,
  completed,
  contentOf,
  funnelOf,
  type NewRow,
  readRows,
  rowOf,
  saveRows,
} from "./support/artifacts.ts";
import { cancel, finalize, startRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

const plan = () =>
  rowOf("cmo_marketing_plans", { plan_name: "P", key_metrics: [{ metric_name: "Leads" }] });

const families: [string, () => readonly NewRow[]][] = [
  ["a plan", () => [plan()]],
  ["a funnel and its stages", () => funnelOf({ total_budget: 900 }, { expected_volume: 40 })],
  [
    "a campaign and its channels",
    () =>
      campaignOf(
        { start_date: "2026-03-01", primary_kpi: { metric: "leads", target: 40 }, goal: "leads" },
        { budget_percentage: 62.5, is_paid: true },
      ),
  ],
  [
    "content and its variants",
    () => contentOf({ publish_date: "2026-03-02" }, { subject_line: "Hi", metadata: { words: 1 } }),
  ],
  [
    "recommendations",
    () => [
      rowOf("cmo_recommendations", {
        recommendation_type: "budget",
        title: "Move the budget",
        action_items: ["Pause B"],
      }),
    ],
  ],
  [
    "what a conversation learnt",
    () => [
      rowOf("cmo_brand_profiles", { brand_name: "B", core_values: ["Care"] }),
      rowOf("cmo_icp_segments", { segment_name: "S", budget_range: { min: 1, max: 2 } }),
      rowOf("cmo_offers", { offer_name: "O", offer_type: "service", is_flagship: true }),
    ],
  ],
];

describe.each(families)("%s", (_name, make) => {
  test("is saved whole, as of its workspace, creator and run, and the run lists it", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const artifacts = make();
      const run = await saveRows(db, tenant, artifacts);

      expect(run).toMatchObject({ status: "completed", error_message: null });
      expect(run.artifacts).toEqual(artifacts.map(({ table, id }) => ({ table, id })));
      for (const { table, id, values } of artifacts) {
        const [row] = await readRows(db, table, tenant.workspaceId);
        expect(row).toMatchObject({
          ...values,
          id,
          tenant_id: tenant.tenantId,
          created_by: tenant.owner.userId,
          agent_run_id: run.id,
        });
        if (row && "status" in row) {
          expect(row["status"]).toBe(table === "cmo_recommendations" ? "pending" : "draft");
        }
      }
    }));

  test("is not saved twice by a second finalization", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { runId } = await startRun(db, tenant, { p_save: true });
      const artifacts = make();
      const first = await finalize(db, { runId }, completed(artifacts));
      const again = await finalize(db, { runId }, completed(make()));
      expect(again).toMatchObject({ applied: false, run: first.run });
      for (const { table } of artifacts) {
        expect(await readRows(db, table, tenant.workspaceId)).toHaveLength(1);
      }
    }));

  test("is not saved by a run that was cancelled before it was finalized", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const { runId } = await startRun(db, tenant, { p_save: true });
      await cancel(db, tenant.owner, runId);
      const artifacts = make();
      const { run } = await finalize(db, { runId }, completed(artifacts));
      expect(run).toMatchObject({ status: "cancelled", artifacts: [] });
      for (const { table } of artifacts) {
        expect(await readRows(db, table, tenant.workspaceId)).toEqual([]);
      }
    }));

  test("of two rows, a bad last one takes the others with it, and the run says why", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const artifacts = make();
      const bad = rowOf("cmo_marketing_plans", { plan_name: "P", start_date: "someday" });
      const run = await saveRows(db, tenant, [...artifacts, bad]);
      expect(run).toMatchObject({
        status: "failed",
        error_code: "artifacts_rejected",
        error_message: expect.stringMatching(/cmo_marketing_plans: .*someday/),
        output: { kept: true },
        output_text: "kept",
        artifacts: [],
      });
      for (const { table } of artifacts) {
        expect(await readRows(db, table, tenant.workspaceId)).toEqual([]);
      }
    }));
});

const references: [column: string, parent: NewRow, child: (id: string) => readonly NewRow[]][] = [
  ["plan_id", plan(), (id) => funnelOf({ plan_id: id })],
  ["plan_id", plan(), (id) => campaignOf({ plan_id: id })],
  ["funnel_id", funnelOf()[0], (id) => campaignOf({ funnel_id: id })],
  ["campaign_id", campaignOf()[0], (id) => contentOf({ campaign_id: id })],
  [
    "campaign_id",
    campaignOf()[0],
    (id) => [
      rowOf("cmo_recommendations", { campaign_id: id, recommendation_type: "t", title: "T" }),
    ],
  ],
];
test.each(references)("%s names a row of the workspace, and of no other", (column, parent, child) =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    await saveRows(db, theirs, [parent]);
    const foreign = await saveRows(db, mine, child(parent.id));
    const unknown = await saveRows(db, mine, child(randomUUID()));
    for (const run of [foreign, unknown]) {
      expect(run.error_code).toBe("artifacts_rejected");
      expect(run.error_message).toContain(`${column} names no row of this workspace.`);
    }
    const own = { ...parent, id: randomUUID() };
    await saveRows(db, mine, [own]);
    const [saved] = child(own.id);
    expect((await saveRows(db, mine, [saved])).status).toBe("completed");
  }),
);

test.each([
  ["funnel_id", funnelOf],
  ["campaign_id", campaignOf],
  ["asset_id", contentOf],
] as const)("a child's %s is a row that the same run saved before it", (column, make) =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const [parent, child] = make();
    await saveRows(db, tenant, [parent]);
    const late = make();
    const orphans = [
      [child],
      late.toReversed(),
      [rowOf(child.table, { ...child.values, [column]: null })],
    ];
    for (const rows of orphans) {
      const run = await saveRows(db, tenant, rows);
      expect(run.error_message).toContain(`${column} names no row that this run saved before it.`);
    }
    expect(await readRows(db, child.table, tenant.workspaceId)).toEqual([]);
  }),
);

test.each([
  ["too many rows", "max_artifacts = 2", () => [plan(), plan(), plan()], /3 rows, and at most 2/],
  ["too much in them", "max_artifact_bytes = 90", () => [plan()], /more than 90 bytes/],
  [
    "a name that is none",
    "max_name_chars = 3",
    () => campaignOf({ campaign_name: "Long" }),
    /cmo_campaigns: campaign_name has more than 3 characters/,
  ],
  [
    "a title that is none",
    "max_name_chars = 3",
    () => contentOf({ title: "Long" }),
    /cmo_content_assets: title has more than 3 characters/,
  ],
] as const)("%s: nothing is saved, and the run says so", (_what, policy, make, sentence) =>
  inRollback(async (db) => {
    await db.query(`update private.run_policy set ${policy}`);
    const tenant = await createTenant(db);
    const run = await saveRows(db, tenant, make());
    expect(run).toMatchObject({
      status: "failed",
      error_code: "artifacts_rejected",
      artifacts: [],
    });
    expect(run.error_message).toMatch(sentence);
  }),
);

test("no run saves ten thousand rows", () =>
  inRollback(async (db) => {
    const run = await saveRows(db, await createTenant(db), Array.from({ length: 10_000 }, plan));
    expect(run.error_message).toMatch(/10000 rows, and at most 500 are saved/);
  }));

test("what only people and other systems set is left to them", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    await saveRows(db, tenant, [
      ...campaignOf({ autopilot_enabled: true, status: "active" }, { external_campaign_id: "x" }),
      ...contentOf({ status: "published" }, { is_winner: true, performance_metrics: { ctr: 1 } }),
    ]);
    const read = async (table: string) => (await readRows(db, table, tenant.workspaceId))[0];
    expect(await read("cmo_campaigns")).toMatchObject({
      autopilot_enabled: false,
      status: "draft",
    });
    expect(await read("cmo_campaign_channels")).toMatchObject({ external_campaign_id: null });
    expect(await read("cmo_content_assets")).toMatchObject({ status: "draft" });
    expect(await read("cmo_content_variants")).toMatchObject({
      is_winner: false,
      performance_metrics: {},
    });
  }));

test("an id that another row has is refused, and that row stays as it is", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const row = plan();
    await saveRows(db, theirs, [row]);
    const run = await saveRows(db, mine, [{ ...row, values: { plan_name: "Mine" } }]);
    expect(run.error_code).toBe("artifacts_rejected");
    expect(await readRows(db, row.table, theirs.workspaceId)).toMatchObject([{ plan_name: "P" }]);
  }));
