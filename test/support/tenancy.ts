/** Users, tenants and workspaces, placed as the superuser: what a test arranges is not what it tests. */
import { randomUUID } from "node:crypto";

/** Runs a statement on whatever connection the caller has. */
export type Execute = (sql: string, values: readonly unknown[]) => Promise<unknown>;

export type Role = "owner" | "admin" | "member" | "viewer";

export interface NewWorkspace {
  readonly tenantId: string;
  readonly ownerId: string;
  readonly isDefault?: boolean;
  readonly id?: string;
  readonly name?: string;
}

/** A user who can sign in. Returns the id. */
export async function placeUser(execute: Execute): Promise<string> {
  const id = randomUUID();
  await execute(
    `insert into auth.users (id, aud, role, email, email_confirmed_at, raw_app_meta_data,
       raw_user_meta_data, created_at, updated_at)
     values ($1, 'authenticated', 'authenticated', $2, now(), '{}', '{}', now(), now())`,
    [id, `${id}@cmo-kernel.test`],
  );
  return id;
}

/** A tenant with one workspace. The owner has no row among its members. */
export async function placeTenant(
  execute: Execute,
  workspace: Omit<NewWorkspace, "tenantId">,
): Promise<{ tenantId: string; workspaceId: string }> {
  const tenantId = randomUUID();
  await execute("insert into public.tenants (id, name, slug) values ($1, $2, $1::uuid::text)", [
    tenantId,
    workspace.name ?? "Test tenant",
  ]);
  return { tenantId, workspaceId: await placeWorkspace(execute, { ...workspace, tenantId }) };
}

export async function placeWorkspace(execute: Execute, workspace: NewWorkspace): Promise<string> {
  const { id = randomUUID(), name = "Test workspace", isDefault = false } = workspace;
  await execute(
    `insert into public.workspaces (id, tenant_id, name, slug, owner_id, is_default)
     values ($1, $2, $3, $1::uuid::text, $4, $5)`,
    [id, workspace.tenantId, name, workspace.ownerId, isDefault],
  );
  return id;
}

export async function placeMember(
  execute: Execute,
  workspaceId: string,
  { userId, role }: { readonly userId: string; readonly role: string },
): Promise<void> {
  await execute(
    "insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, $3)",
    [workspaceId, userId, role],
  );
}
