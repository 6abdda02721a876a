/** What a run saves beyond the values: its doubts with each row, and texts for what is planned. */
import { describe, expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { contentOf, rowOf, saveRows } from "./support/artifacts.ts";
import { createTenant } from "./support/tenant.ts";

const plan = () => rowOf("cmo_marketing_plans", { plan_name: "P" });

test("a row carries what the run doubted in it, and with many doubts it is to be reviewed first", () =>
  inRollback(async (db) => {
    const tenant = await createTenant(db);
    const doubts = Array.from({ length: 5 }, (_, index) => ({
      kind: "claim",
      path: `key_metrics[${index}]`,
      message: "The data does not say so.",
    }));
    const [few, many] = [
      { ...plan(), warnings: doubts.slice(1) },
      { ...plan(), warnings: doubts },
    ];
    await saveRows(db, tenant, [few, many]);
    const rows = await db.query(
      "select id, status, warnings from public.cmo_marketing_plans where workspace_id = $1",
      [tenant.workspaceId],
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: few.id, status: "draft", warnings: few.warnings },
        { id: many.id, status: "needs_review", warnings: doubts },
      ]),
    );
  }));

describe("a text for a planned piece", () => {
  test("joins its row, which keeps what the plan says of it", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const [planned] = contentOf({ title: "Planned", publish_date: "2026-03-02" });
      await saveRows(db, tenant, [planned]);
      const [asset, variant] = contentOf(
        { title: "Written", cta: "Read on" },
        { variant_name: "A" },
      );
      const run = await saveRows(db, tenant, [
        { ...asset, id: planned.id },
        { ...variant, values: { ...variant.values, asset_id: planned.id } },
      ]);
      expect(run.status).toBe("completed");
      const rows = await db.query(
        `select a.title, a.publish_date::text, a.cta, a.agent_run_id, v.variant_name
         from public.cmo_content_assets a join public.cmo_content_variants v on v.asset_id = a.id
         where a.workspace_id = $1`,
        [tenant.workspaceId],
      );
      expect(rows).toEqual([
        {
          title: "Planned",
          publish_date: "2026-03-02",
          cta: "Read on",
          agent_run_id: run.id,
          variant_name: "A",
        },
      ]);
    }));

  test("joins neither a published piece nor one of another workspace", () =>
    inRollback(async (db) => {
      const [tenant, other] = [await createTenant(db), await createTenant(db)];
      const [published, foreign] = [contentOf()[0], contentOf()[0]];
      await saveRows(db, tenant, [published]);
      await saveRows(db, other, [foreign]);
      await db.query("update public.cmo_content_assets set status = 'published' where id = $1", [
        published.id,
      ]);
      for (const { id } of [published, foreign]) {
        const run = await saveRows(db, tenant, [{ ...contentOf({ title: "Mine" })[0], id }]);
        expect(run).toMatchObject({ status: "failed", error_code: "artifacts_rejected" });
      }
    }));
});
