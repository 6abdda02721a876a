/** A tenant of the test's own, with an owner, and members in whatever role is needed. */
import { randomUUID } from "node:crypto";
import { type Caller, type Database, user } from "./database.ts";

export interface Tenant {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly owner: Caller;
}

export async function createTenant(db: Database): Promise<Tenant> {
  const tenantId = randomUUID();
  const ownerId = randomUUID();
  await db.query("insert into public.tenants (id, name, slug) values ($1, 'Test tenant', $2)", [
    tenantId,
    `test-${tenantId}`,
  ]);
  const workspaceId = await addWorkspace(db, { tenantId, ownerId });
  return { tenantId, workspaceId, owner: user(ownerId) };
}

interface NewWorkspace {
  readonly tenantId: string;
  readonly ownerId: string;
  readonly isDefault?: boolean;
}

export async function addWorkspace(db: Database, workspace: NewWorkspace): Promise<string> {
  const id = randomUUID();
  await db.query(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
     values ($1, $2, 'Test workspace', $3, $4, $5)`,
    [id, workspace.tenantId, `test-${id}`, workspace.ownerId, workspace.isDefault ?? false],
  );
  return id;
}

export async function addMember(db: Database, workspaceId: string, role: string): Promise<Caller> {
  const userId = randomUUID();
  await db.query(
    "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, $3)",
    [workspaceId, userId, role],
  );
  return user(userId);
}

export async function deleteTenant(db: Database, { tenantId }: Tenant): Promise<void> {
  await db.query("delete from public.tenants where id = $1", [tenantId]);
}
