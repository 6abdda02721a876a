/** What an input may be, and whose rows it may name, however create_run is reached. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { inRollback, refusalOf } from "../../test/support/database.ts";
import { place, placeParent } from "./support/domain-rows.ts";
import { createRun } from "./support/ledger.ts";
import { addMember, createTenant } from "./support/tenant.ts";

const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;

describe("an input is refused", () => {
  test.each([
    ["when it is missing", null, "invalid_request"],
    ["when it is a list", "[1]", "invalid_request"],
    ["when it is a text", '"text"', "invalid_request"],
    ["when it is too large", { a: "x".repeat(262_144) }, "input_too_large"],
    ["when it is nested too deeply", nested(33), "invalid_request"],
    [
      "when it is nested too deeply in lists",
      `{"a":${"[".repeat(32)}${"]".repeat(32)}}`,
      "invalid_request",
    ],
    ["when a number is beyond all bounds", '{"a":[{"b":-1e309}]}', "invalid_request"],
    ["when a number is smaller than any", '{"a":1e-16000}', "invalid_request"],
    ["when a name would poison what merges it", '{"a":{"__proto__":{"b":1}}}', "invalid_request"],
    ["when a constructor would", '{"a":[{"constructor":{"prototype":1}}]}', "invalid_request"],
  ])("%s", (_, p_input, message) =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      expect(await refusalOf(createRun(db, owner, { p_input }))).toMatchObject({ message });
    }),
  );

  test("before twenty thousand short numbers are written out as two gigabytes of text", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      await db.query("set local statement_timeout = '5s'");
      const p_input = `{"a":[${Array.from({ length: 20_000 }, () => "1e131000").join(",")}]}`;
      const { message } = await refusalOf(createRun(db, owner, { p_input }));
      expect(message).toBe("invalid_request");
    }));
});

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

  test("a foreign row is refused as one that does not exist, even to who may see both", () =>
    inRollback(async (db) => {
      const [mine, theirs] = [await createTenant(db), await createTenant(db)];
      const both = await addMember(db, mine.workspaceId, "member");
      await db.query(
        "insert into public.workspace_members (workspace_id, user_id) values ($1, $2)",
        [theirs.workspaceId, both.userId],
      );
      const foreign = await placeNamed(db, theirs, table);
      for (const caller of [mine.owner, both]) {
        const refusals = [];
        for (const id of [foreign, randomUUID()]) {
          const request = { p_workspace_id: mine.workspaceId, p_input: { [field]: id } };
          refusals.push(await refusalOf(createRun(db, caller, request)));
        }
        expect(refusals[0]).toMatchObject({ code: "PT400", message: "invalid_input" });
        expect(refusals[0]?.detail).toContain(field);
        expect(refusals[0]).toEqual(refusals[1]);
      }
    }));

  test("what is no id is refused, what is absent is not", () =>
    inRollback(async (db) => {
      const { owner } = await createTenant(db);
      for (const value of ["x", 7, {}, [randomUUID()], true, `{${randomUUID()}}`]) {
        const refusal = await refusalOf(createRun(db, owner, { p_input: { [field]: value } }));
        expect(refusal).toMatchObject({ code: "PT400", message: "invalid_request" });
      }
      for (const value of [null, ""]) {
        const { created } = await createRun(db, owner, { p_input: { [field]: value } });
        expect(created).toBe(true);
      }
    }));
});
