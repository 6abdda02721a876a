/** Tenants with one workspace each, its owner, and limits of their own. */
import { placeMember, placeTenant, placeUser } from "../support/tenancy.ts";
import type { Connection } from "./connection.ts";

export interface FairTenant {
  readonly name: string;
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly ownerId: string;
}

export interface Share {
  readonly weight?: number;
  readonly maxRunning?: number;
}

export async function createTenant(
  connection: Connection,
  name: string,
  share: Share = {},
): Promise<FairTenant> {
  const { query } = connection;
  const ownerId = await placeUser(query);
  const placed = await placeTenant(query, { ownerId, name, isDefault: true });
  await placeMember(query, placed.workspaceId, { userId: ownerId, role: "owner" });
  const tenant = { name, ownerId, ...placed };
  if (share.weight !== undefined || share.maxRunning !== undefined) {
    await setShare(connection, tenant, share);
  }
  return tenant;
}

/**
 * Under the lock that a claim holds, so that every claim sees either the old limit or the new one, and
 * whoever checks it afterwards sees the same.
 */
export async function setShare(
  { query }: Connection,
  { tenantId }: FairTenant,
  { weight = 1, maxRunning = 10 }: Share,
): Promise<void> {
  await query(
    `with flow as (
       select from private.tenant_flow f where f.tenant_id = $1 for no key update
     ), held as (select count(*) as n from flow)
     insert into private.tenant_limits (tenant_id, weight, max_running)
     select $1, $2, $3 from held where held.n >= 0
     on conflict (tenant_id) do update set weight = excluded.weight, max_running = excluded.max_running`,
    [tenantId, weight, maxRunning],
  );
}

export async function createTenants(
  connection: Connection,
  count: number,
  name: string,
): Promise<FairTenant[]> {
  const tenants: FairTenant[] = [];
  for (let number = 1; number <= count; number += 1) {
    tenants.push(await createTenant(connection, `${name} ${number}`));
  }
  return tenants;
}

/** Runs placed by the superuser in one statement: what a scenario arranges is not what it tests. */
export async function placeRuns(
  { query }: Connection,
  tenant: FairTenant,
  inputs: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await query(
    `insert into public.agent_runs (tenant_id, workspace_id, created_by, agent, mode, input, created_at, expires_at)
     select $1, $2, $3, private.agent_of_mode('setup'), 'setup', i.input,
       now() + i.place * interval '1 microsecond', now() + interval '1 day'
     from jsonb_array_elements($4::jsonb) with ordinality as i (input, place)`,
    [tenant.tenantId, tenant.workspaceId, tenant.ownerId, JSON.stringify(inputs)],
  );
}
