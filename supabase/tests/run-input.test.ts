/** What an input may be, and whose rows it may name. */
import { describe, expect, test } from "vitest";
import { inRollback } from "../../test/support/database.ts";
import { place, placeParent } from "./support/domain-rows.ts";
import { createRun } from "./support/ledger.ts";
import { createTenant } from "./support/tenant.ts";

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;

test.each([
  ["as deep as an input may be", nested(32)],
  ["with the largest number", '{"a":1.7976931348623157e308}'],
  ["with the smallest one", '{"a":5e-324}'],
  ["with a text that looks deep", { a: "[".repeat(100) }],
  ["with a member called constructor", '{"constructor":"us"}'],
])("an input %s is accepted", (_, p_input) =>
  inRollback(async (db) => {
    const { owner } = await createTenant(db);
    expect((await createRun(db, owner, { p_input })).created).toBe(true);
  }),
);

const PARENTS = [
  ["planId", "cmo_marketing_plans"],
  ["funnelId", "cmo_funnels"],
  ["campaignId", "cmo_campaigns"],
  ["stageId", "cmo_funnel_stages"],
] as const;

async function placeNamed(
  db: Parameters<typeof placeParent>[0],
  tenant: Parameters<typeof placeParent>[1],
  table: string,
): Promise<string> {
  if (table !== "cmo_funnel_stages") return (await placeParent(db, tenant, table)).id;
  const funnel = await placeParent(db, tenant, "cmo_funnels");
  const stage = { funnel_id: funnel.id, stage_name: "S", stage_type: "awareness" };
  return (await place(db, table, stage)).id;
}

describe.each(PARENTS)("%s", (field, table) => {
  test("names a row of the workspace", () =>
    inRollback(async (db) => {
      const tenant = await createTenant(db);
      const p_input = { [field]: await placeNamed(db, tenant, table) };
      expect((await createRun(db, tenant.owner, { p_input })).created).toBe(true);
    }));

  test("may be absent", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      for (const value of [null, ""]) {
        const { created } = await createRun(db, owner, { p_input: { [field]: value } });
        expect(created).toBe(true);
      }
    }));
});
