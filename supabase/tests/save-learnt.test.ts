/** What a conversation learnt, laid over what is known: one brand, segments and offers by name. */
import { expect, test } from "vitest";
import {
  inRollback,
  openDatabase,
  processIdOf,
  untilBlocked,
} from "../../test/support/database.ts";
import { completed, readRows, rowOf, saveRows } from "./support/artifacts.ts";
import { finalize, startRun } from "./support/ledger.ts";
import { addMember, createTenant, deleteTenant } from "./support/tenant.ts";

const brand = (values: Record<string, unknown>) => rowOf("cmo_brand_profiles", values);
const segment = (values: Record<string, unknown>) => rowOf("cmo_icp_segments", values);
const offer = (values: Record<string, unknown>) =>
  rowOf("cmo_offers", { offer_type: "service", ...values });

test("the brand is merged key by key: what a conversation leaves open stays as it was", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const first = await saveRows(db, tenant, [
      brand({
        brand_name: "Before",
        industry: "Coffee",
        core_values: ["Care"],
        brand_colors: { primary: "#111111", accent: "#222222" },
      }),
    ]);
    const second = await saveRows(db, tenant, [
      brand({
        brand_name: "After",
        industry: null,
        tagline: "",
        core_values: [],
        brand_colors: { primary: "#333333", secondary: null },
        content_themes: ["Mornings"],
      }),
    ]);
    expect(second.artifacts).toEqual(first.artifacts);
    expect(await readRows(db, "cmo_brand_profiles", tenant.workspaceId)).toMatchObject([
      {
        brand_name: "After",
        industry: "Coffee",
        tagline: null,
        core_values: ["Care"],
        brand_colors: { primary: "#333333", accent: "#222222" },
        content_themes: ["Mornings"],
        agent_run_id: second.id,
      },
    ]);
  }));

test("what a workspace learns is its own: no other workspace's rows are touched", () =>
  inRollback(async (db) => {
    const [mine, theirs] = [await createTenant(db), await createTenant(db)];
    const rows = (name: string) => [
      brand({ brand_name: name }),
      segment({ segment_name: "Same", segment_description: name }),
      offer({ offer_name: "Same", description: name }),
    ];
    await saveRows(db, theirs, rows("Theirs"));
    const readTheirs = async () => [
      await readRows(db, "cmo_brand_profiles", theirs.workspaceId),
      await readRows(db, "cmo_icp_segments", theirs.workspaceId),
      await readRows(db, "cmo_offers", theirs.workspaceId),
    ];
    const before = await readTheirs();
    await saveRows(db, mine, rows("Mine"));
    expect(await readTheirs()).toEqual(before);
    expect(await readRows(db, "cmo_offers", mine.workspaceId)).toMatchObject([
      { description: "Mine" },
    ]);
  }));

test("segments and offers of a known name are changed, of a new one inserted", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const first = await saveRows(db, tenant, [
      segment({ segment_name: "Café owners", pain_points: ["Waste"], priority_score: 80 }),
      offer({ offer_name: "Starter", description: "Old", key_benefits: ["Fast"] }),
    ]);
    const member = await addMember(db, tenant.workspaceId, "member");
    await db.query("update public.cmo_offers set status = 'active' where workspace_id = $1", [
      tenant.workspaceId,
    ]);
    const second = await saveRows(db, { ...tenant, owner: member }, [
      segment({ segment_name: " CAFÉ OWNERS ", goals: ["Growth"] }),
      segment({ segment_name: "Offices" }),
      offer({ offer_name: "starter", description: "New" }),
    ]);
    const segments = await readRows(db, "cmo_icp_segments", tenant.workspaceId);
    expect(segments).toHaveLength(2);
    expect(segments).toContainEqual(
      expect.objectContaining({
        pain_points: ["Waste"],
        goals: ["Growth"],
        priority_score: 80,
        created_by: tenant.owner.userId,
        agent_run_id: second.id,
      }),
    );
    expect(await readRows(db, "cmo_offers", tenant.workspaceId)).toMatchObject([
      { description: "New", key_benefits: ["Fast"], status: "active" },
    ]);
    const ids = (run: typeof first) => (run.artifacts as { id: string }[]).map(({ id }) => id);
    expect(ids(second)).toEqual([ids(first)[0], expect.any(String), ids(first)[1]]);
  }));

test("a flag that a conversation does not raise again stays raised", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    await saveRows(db, tenant, [segment({ segment_name: "S", is_primary: true })]);
    await saveRows(db, tenant, [segment({ segment_name: "S", is_primary: false })]);
    expect(await readRows(db, "cmo_icp_segments", tenant.workspaceId)).toMatchObject([
      { is_primary: true },
    ]);
  }));

test("of rows that a screen saved twice under one name, the latest is changed", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    await db.as(
      tenant.owner,
      `insert into public.cmo_icp_segments (workspace_id, segment_name, updated_at)
       values ($1, 'Twice', '2026-01-01'), ($1, 'Twice', '2026-01-02')`,
      [tenant.workspaceId],
    );
    await saveRows(db, tenant, [segment({ segment_name: "Twice", segment_description: "New" })]);
    const rows = await readRows(db, "cmo_icp_segments", tenant.workspaceId);
    expect(rows.filter((row) => row["segment_description"] === "New")).toHaveLength(1);
    expect(rows).toHaveLength(2);
  }));

test("one conversation that names a segment twice makes one row, listed once", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const rows = [segment({ segment_name: "One" }), segment({ segment_name: "one", goals: ["G"] })];
    const run = await saveRows(db, tenant, rows);
    expect(run.artifacts).toEqual([{ table: "cmo_icp_segments", id: rows[0]?.id }]);
  }));

test("a segment without a name and a brand without one are refused", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    for (const row of [segment({ goals: ["G"] }), brand({ industry: "Coffee" })]) {
      expect((await saveRows(db, tenant, [row])).error_message).toContain("_name");
    }
  }));

test("two conversations that learn the same name at once make one row of it", async () => {
  const [left, right] = [await openDatabase(), await openDatabase()];
  const tenant = await createTenant(left);
  try {
    const runs = [
      await startRun(left, tenant, { p_save: true }),
      await startRun(left, tenant, { p_save: true }),
    ];
    const rows = (what: string) => completed([segment({ segment_name: "Shared", [what]: ["x"] })]);
    const waiting = await processIdOf(right);
    await left.query("begin");
    await left.query("select public.finalize_run($1, 1, $2)", [runs[0]?.runId, rows("goals")]);
    const second = finalize(right, { runId: runs[1]?.runId ?? "" }, rows("objections"));
    await untilBlocked(left, waiting);
    await left.query("commit");
    expect((await second).run.status).toBe("completed");
    expect(await readRows(left, "cmo_icp_segments", tenant.workspaceId)).toMatchObject([
      { goals: ["x"], objections: ["x"] },
    ]);
  } finally {
    await left.query("rollback");
    await deleteTenant(left, tenant);
    await Promise.all([left.close(), right.close()]);
  }
});

test("an offer that is sold already is saved as active, and a known one keeps its status", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const save = (offer_name: string, status: string) =>
      saveRows(db, tenant, [offer({ offer_name, status })]);
    await save("Sold", "active");
    await save("Thought of", "draft");
    await save("Odd", "published");
    await save("Thought of", "active");
    const rows = await db.query(
      "select offer_name, status from public.cmo_offers where workspace_id = $1 order by 1",
      [tenant.workspaceId],
    );
    expect(rows).toEqual([
      { offer_name: "Odd", status: "draft" },
      { offer_name: "Sold", status: "active" },
      { offer_name: "Thought of", status: "draft" },
    ]);
  }));
