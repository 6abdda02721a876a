/** The limits on the size of rows: what fits, what does not, and what the refusal says. */
import { expect, test } from "vitest";
import { type Database, inRollback, refusalOf } from "../../test/support/database.ts";
import { insert } from "./support/domain-rows.ts";
import { createTenant } from "./support/tenant.ts";

/** The JSON of a list with one text of this length is four bytes longer. */
const listOf = (characters: number) => JSON.stringify(["x".repeat(characters)]);

const LIMITS: readonly [column: string, fits: unknown, tooLarge: unknown, constraint: string][] = [
  ["brand_name", "é".repeat(500), "x".repeat(501), "brand_name_has_at_most_500_characters"],
  ["tagline", "é".repeat(20_000), "x".repeat(20_001), "tagline_has_at_most_20000_characters"],
  ["core_values", listOf(65_532), listOf(65_533), "core_values_has_at_most_65536_bytes"],
];

const withColumn = async (db: Database, column: string, value: unknown) => {
  const { owner, workspaceId: workspace_id } = await createTenant(db);
  const row = { workspace_id, brand_name: "B", [column]: value };
  return insert(db, owner, "cmo_brand_profiles", row);
};

test.each(LIMITS)("%s takes a value of its limit", (column, fits) =>
  inRollback(async (db) => {
    await withColumn(db, column, fits);
  }),
);

test.each(LIMITS)("%s refuses a larger value by the name of its limit", (column, _, large, limit) =>
  inRollback(async (db) => {
    const refusal = await refusalOf(withColumn(db, column, large));
    expect(refusal.code).toBe("23514");
    expect(refusal.message).toContain(`violates check constraint "${limit}"`);
  }),
);

test("the metrics of a campaign's own hold little, because a thousand rows are read at once", () =>
  inRollback(async (db) => {
    const { workspaceId } = await createTenant(db);
    const add = (characters: number) =>
      db.query(
        `insert into public.cmo_metrics_snapshots
           (workspace_id, snapshot_date, metric_type, custom_metrics) values ($1, now(), 'daily', $2)`,
        [workspaceId, listOf(characters)],
      );
    await add(2_044);
    const refusal = await refusalOf(add(2_045));
    expect(refusal.message).toContain('"custom_metrics_has_at_most_2048_bytes"');
  }));

test("columns within their limits do not add up to a larger row", () =>
  inRollback(async (db) => {
    const { owner, workspaceId: workspace_id } = await createTenant(db);
    const large = { core_values: listOf(60_000), competitors: listOf(60_000) };
    const row = { workspace_id, brand_name: "B", ...large, content_themes: listOf(20_000) };
    const refusal = await refusalOf(insert(db, owner, "cmo_brand_profiles", row));
    expect(refusal.message).toContain('"row_has_at_most_131072_bytes"');
  }));

test("a text counts in a row as its JSON does, and a number with its digits", () =>
  inRollback(async (db) => {
    const { owner, workspaceId: workspace_id } = await createTenant(db);
    const escaped = { description: "\u0001".repeat(20_000) };
    const digits = { total_budget: `1${"0".repeat(20_000)}` };
    const row = { workspace_id, funnel_name: "F", ...escaped, ...digits };
    const refusal = await refusalOf(insert(db, owner, "cmo_funnels", row));
    expect(refusal.message).toContain('"row_has_at_most_131072_bytes"');
    await insert(db, owner, "cmo_funnels", { ...row, total_budget: 1 });
  }));
