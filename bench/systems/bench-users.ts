/** The tenant whose users the load generator plays, and the table that the baselines write to. */
import { randomUUID } from "node:crypto";
import type { Stack } from "@cmo/dev";
import { SignJWT } from "jose";
import { Client } from "pg";

export interface BenchUsers {
  readonly workspaceId: string;
  readonly userIds: readonly string[];
  /** An access token of each user. */
  readonly tokens: readonly string[];
}

const USERS = 10;
const TOKEN_LIFETIME_S = 3 * 3600;

/** As requirements.md logs a run, with row level security as defence in depth. */
const BASELINE_TABLE = `
  create table public.bench_runs (
    id uuid primary key default gen_random_uuid(),
    agent text not null,
    mode text not null,
    tenant_id uuid not null,
    workspace_id uuid not null,
    status text not null,
    input jsonb not null,
    output jsonb,
    text text,
    duration_ms integer,
    created_at timestamptz not null default now(),
    completed_at timestamptz
  );
  create index on public.bench_runs (workspace_id, created_at desc);
  alter table public.bench_runs enable row level security;
  create policy members on public.bench_runs to authenticated
    using (workspace_id in (select private.my_workspace_ids()))
    with check (workspace_id in (select private.my_workspace_ids()));
  grant select, insert, update on public.bench_runs to authenticated, service_role;
`;

export async function createUsers(stack: Stack): Promise<BenchUsers> {
  const { databaseUrl, jwtSecret } = stack;
  if (!databaseUrl || !jwtSecret) throw new Error("The bench measures on a local stack only.");
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(BASELINE_TABLE);
    const userIds = Array.from({ length: USERS }, () => randomUUID());
    const workspaceId = await insertTenant(client, userIds);
    const tokens = await Promise.all(userIds.map((id) => mintToken(id, jwtSecret)));
    return { workspaceId, userIds, tokens };
  } finally {
    await client.end();
  }
}

async function insertTenant(client: Client, userIds: readonly string[]): Promise<string> {
  const [tenantId, workspaceId, owner] = [randomUUID(), randomUUID(), userIds[0]];
  for (const id of userIds) {
    await client.query(
      `insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data,
         raw_user_meta_data, created_at, updated_at)
       values ($1, 'authenticated', 'authenticated', $2, now(), '{}', '{}', now(), now())`,
      [id, `${id}@bench.test`],
    );
  }
  await client.query("insert into public.tenants (id, name, slug) values ($1, 'Bench', $2)", [
    tenantId,
    tenantId,
  ]);
  await client.query(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
     values ($1, $2, 'Bench', $3, $4, true)`,
    [workspaceId, tenantId, workspaceId, owner],
  );
  await client.query(
    `insert into public.workspace_members (workspace_id, user_id, role)
     select $1, id, 'owner' from unnest($2::uuid[]) as id on conflict do nothing`,
    [workspaceId, userIds],
  );
  await insertBrand(client, workspaceId, owner);
  return workspaceId;
}

/** What the three context reads find: a brand, and a few segments and offers. */
async function insertBrand(client: Client, workspaceId: string, owner: unknown): Promise<void> {
  await client.query(
    `insert into public.cmo_brand_profiles (workspace_id, created_by, brand_name, industry)
     values ($1, $2, 'Bench Coffee', 'Coffee for offices')`,
    [workspaceId, owner],
  );
  await client.query(
    `insert into public.cmo_icp_segments (workspace_id, created_by, segment_name)
     select $1, $2, 'Segment ' || n from generate_series(1, 3) n`,
    [workspaceId, owner],
  );
  await client.query(
    `insert into public.cmo_offers (workspace_id, created_by, offer_name, offer_type)
     select $1, $2, 'Offer ' || n, 'service' from generate_series(1, 3) n`,
    [workspaceId, owner],
  );
}

function mintToken(userId: string, secret: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ aud: "authenticated", role: "authenticated", sub: userId })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt(now)
    .setExpirationTime(now + TOKEN_LIFETIME_S)
    .sign(new TextEncoder().encode(secret));
}
