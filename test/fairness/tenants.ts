/** Tenants with one workspace each, its owner, and limits of their own. */
import { randomUUID } from "node:crypto";
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
  const [tenant] = await createTenants(connection, 1, name);
  if (!tenant) throw new Error("No tenant was created.");
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

/** In one statement: ten thousand of them one by one would take a minute. */
export async function createTenants(
  { query }: Connection,
  count: number,
  name: string,
): Promise<FairTenant[]> {
  const tenants = Array.from({ length: count }, (_, index) => ({
    name: `${name} ${index + 1}`,
    tenantId: randomUUID(),
    workspaceId: randomUUID(),
    ownerId: randomUUID(),
  }));
  const columns = [
    tenants.map((tenant) => tenant.name),
    tenants.map(({ tenantId }) => tenantId),
    tenants.map(({ workspaceId }) => workspaceId),
    tenants.map(({ ownerId }) => ownerId),
  ];
  await query(PLACE_TENANTS, columns);
  return tenants;
}

const PLACE_TENANTS = `
with given as (
  select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) as g (name, tenant, workspace, owner)
), users as (
  insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
    created_at, updated_at)
  select owner, 'authenticated', 'authenticated', owner || '@cmo-kernel.test', now(), '{}', '{}', now(), now()
  from given
), tenants as (
  insert into public.tenants (id, name, slug) select tenant, name, tenant::text from given
), workspaces as (
  insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
  select workspace, tenant, name, workspace::text, owner, true from given
)
insert into public.workspace_members (workspace_id, user_id, role) select workspace, owner, 'owner' from given
on conflict do nothing`;

/** Runs placed by the superuser in one statement: what a scenario arranges is not what it tests. */
export function placeRuns(
  connection: Connection,
  tenant: FairTenant,
  inputs: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  return placeAll(
    connection,
    inputs.map((input) => ({ tenant, input })),
  );
}

export async function placeAll(
  { query }: Connection,
  runs: readonly {
    readonly tenant: FairTenant;
    readonly input: Readonly<Record<string, unknown>>;
  }[],
): Promise<void> {
  const columns = [
    runs.map(({ tenant }) => tenant.tenantId),
    runs.map(({ tenant }) => tenant.workspaceId),
    runs.map(({ tenant }) => tenant.ownerId),
    runs.map(({ input }) => JSON.stringify(input)),
  ];
  await query(PLACE_RUNS, columns);
}

const PLACE_RUNS = `
insert into public.agent_runs (tenant_id, workspace_id, created_by, agent, mode, input, created_at, expires_at)
select g.tenant, g.workspace, g.owner, private.agent_of_mode('setup'), 'setup', g.input,
  now() + g.place * interval '1 microsecond', now() + interval '1 day'
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[]) with ordinality
  as g (tenant, workspace, owner, input, place)`;
