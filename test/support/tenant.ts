/** A tenant of its own for a test, so that tests share a database without seeing each other. */
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { Client } from "pg";
import { inject } from "vitest";

export interface TestUser {
  readonly id: string;
  /** An access token as a signed-in browser holds it. */
  readonly token: string;
}

export interface Tenant {
  readonly tenantId: string;
  /** The user's default workspace, and at first the only one. */
  readonly workspaceId: string;
  /** Owner of the workspace. */
  readonly user: TestUser;
}

export type Role = "owner" | "admin" | "member" | "viewer";

export async function createTenant(): Promise<Tenant> {
  const user = await createUser();
  const tenantId = randomUUID();
  await query("insert into public.tenants (id, name, slug) values ($1, 'Test tenant', $2)", [
    tenantId,
    tenantId,
  ]);
  const workspaceId = await addWorkspace({ tenantId, ownerId: user.id, isDefault: true });
  return { tenantId, workspaceId, user };
}

export async function createUser(): Promise<TestUser> {
  const id = randomUUID();
  await query(
    `insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data,
       raw_user_meta_data, created_at, updated_at)
     values ($1, 'authenticated', 'authenticated', $2, now(), '{}', '{}', now(), now())`,
    [id, `${id}@cmo-kernel.test`],
  );
  return { id, token: await mintToken({ sub: id }) };
}

export async function addWorkspace(workspace: {
  readonly tenantId: string;
  readonly ownerId: string;
  readonly isDefault?: boolean;
  readonly id?: string;
}): Promise<string> {
  const { tenantId, ownerId, isDefault = false, id = randomUUID() } = workspace;
  await query(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
     values ($1, $2, 'Test workspace', $3, $4, $5)`,
    [id, tenantId, id, ownerId, isDefault],
  );
  await addMember(id, ownerId, "owner");
  return id;
}

export async function addMember(workspaceId: string, userId: string, role: Role): Promise<void> {
  await query(
    "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, $3)",
    [workspaceId, userId, role],
  );
}

/**
 * Signed as the project signs. `claims` replace those of an ordinary token, which names no session:
 * Supabase refuses one that names a session it does not know.
 */
export function mintToken(
  claims: Readonly<Record<string, unknown>>,
  secret: string = inject("stack").jwtSecret,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const ordinary = { aud: "authenticated", role: "authenticated", iat: now, exp: now + 3600 };
  return new SignJWT({ ...ordinary, ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}

/** As the superuser: what a test arranges is not what it tests. */
async function query(sql: string, values: readonly unknown[]): Promise<void> {
  const client = new Client({ connectionString: inject("stack").databaseUrl });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}
