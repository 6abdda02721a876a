/** Rows of a workspace, edited, moved and restored by those who may not, past the API. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { query } from "../support/query.ts";
import { callRest } from "../support/rest.ts";
import { createMember, createTenant } from "../support/tenant.ts";

const rpc = (name: string, token: string, json: object) => callRest(`rpc/${name}`, { token, json });

test("S79: a stranger or a viewer edits, approves or restores nothing, and a stranger reads no version", async () => {
  const { workspaceId, user: owner } = await createTenant();
  const row = { id: randomUUID(), workspace_id: workspaceId, plan_name: "Secret spring" };
  const path = `cmo_marketing_plans?id=eq.${row.id}`;
  const edit = (token: string, plan_name: string) =>
    callRest(path, { method: "PATCH", token, json: { plan_name } });
  const made = await callRest("cmo_marketing_plans", { token: owner.token, json: row });
  expect([made.status, (await edit(owner.token, "Secret summer")).status]).toEqual([201, 204]);

  const plan = { p_table: "cmo_marketing_plans", p_row_id: row.id };
  const attackers = {
    stranger: (await createTenant()).user,
    viewer: await createMember(workspaceId, "viewer"),
  };
  for (const [name, { token }] of Object.entries(attackers)) {
    await edit(token, "Taken over");
    const moved = await rpc("move_status", token, { ...plan, p_status: "approved" });
    const restored = await rpc("restore_version", token, { ...plan, p_number: 1 });
    expect([moved.status, restored.status], name).toEqual(
      name === "stranger" ? [404, 404] : [403, 403],
    );
  }
  const versions = await callRest(`cmo_versions?row_id=eq.${row.id}`, {
    token: attackers.stranger.token,
  });
  expect(versions.text).not.toContain("Secret");
  expect(
    await query("select plan_name, status from public.cmo_marketing_plans where id = $1", [row.id]),
  ).toEqual([{ plan_name: "Secret summer", status: "draft" }]);
});

test("S80: nobody forges a version, nor makes a row look as if a run or somebody else had saved it", async () => {
  const { workspaceId, user } = await createTenant();
  const forged = {
    workspace_id: workspaceId,
    table_name: "cmo_offers",
    row_id: randomUUID(),
    number: 1,
    changed: { offer_name: "Never said" },
  };
  const insert = await callRest("cmo_versions", { token: user.token, json: forged });
  expect([401, 403, 404]).toContain(insert.status);
  for (const origin of [{ agent_run_id: randomUUID() }, { created_by: randomUUID() }]) {
    const json = {
      workspace_id: workspaceId,
      campaign_name: "C",
      campaign_type: "nurture",
      ...origin,
    };
    const answer = await callRest("cmo_campaigns", { token: user.token, json });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
});
