/** Two tenants that must not meet: one attacks, the other has something to lose. */
import { randomBytes, randomUUID } from "node:crypto";
import { expect } from "vitest";
import { placeRow } from "../../support/query.ts";
import { createTenant, type Tenant } from "../../support/tenant.ts";

export interface Victim extends Tenant {
  /** Stands in the brand, the segment and the plan, and nowhere else in the world. */
  readonly word: string;
  readonly planId: string;
  readonly funnelId: string;
  readonly campaignId: string;
}

export interface TwoTenants {
  readonly attacker: Tenant;
  readonly victim: Victim;
}

export async function createTwoTenants(): Promise<TwoTenants> {
  const attacker = await createTenant();
  await addBrand(attacker, { brand_name: "Attacker's own" });
  return { attacker, victim: await createVictim() };
}

export async function addBrand(
  { workspaceId, user }: Pick<Tenant, "workspaceId" | "user">,
  columns: Readonly<Record<string, unknown>>,
): Promise<void> {
  await placeRow("cmo_brand_profiles", {
    ...columns,
    workspace_id: workspaceId,
    created_by: user.id,
  });
}

/** No text of the victim, in whatever came out. */
export function expectNothingOf({ word, user, workspaceId, tenantId }: Victim, text: string): void {
  for (const theirs of [word, user.id, workspaceId, tenantId]) expect(text).not.toContain(theirs);
}

async function createVictim(): Promise<Victim> {
  const tenant = await createTenant();
  const word = `Quillfeather${randomBytes(4).toString("hex")}`;
  const [planId, funnelId, campaignId] = [randomUUID(), randomUUID(), randomUUID()];
  const own = { workspace_id: tenant.workspaceId, created_by: tenant.user.id };
  await addBrand(tenant, { brand_name: word, mission_statement: `The secret of ${word}` });
  await placeRow("cmo_icp_segments", { ...own, segment_name: `Friends of ${word}` });
  await placeRow("cmo_marketing_plans", { ...own, id: planId, plan_name: `Plan of ${word}` });
  await placeRow("cmo_funnels", { ...own, id: funnelId, funnel_name: `Funnel of ${word}` });
  await placeRow("cmo_campaigns", {
    ...own,
    id: campaignId,
    campaign_name: `Campaign of ${word}`,
    campaign_type: "awareness",
  });
  return { ...tenant, word, planId, funnelId, campaignId };
}
