/** A tenant of the test's own, with an owner, and members in whatever role is needed. */
import { randomUUID } from "node:crypto";
import { type Caller, type Database, user } from "../../../test/support/database.ts";
import {
  type NewWorkspace,
  placeMember,
  placeTenant,
  placeWorkspace,
} from "../../../test/support/tenancy.ts";

export interface Tenant {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly owner: Caller;
}

export async function createTenant(db: Database): Promise<Tenant> {
  const ownerId = randomUUID();
  return { ...(await placeTenant(db.query, { ownerId })), owner: user(ownerId) };
}

export function addWorkspace(db: Database, workspace: NewWorkspace): Promise<string> {
  return placeWorkspace(db.query, workspace);
}

export async function addMember(db: Database, workspaceId: string, role: string): Promise<Caller> {
  const userId = randomUUID();
  await placeMember(db.query, workspaceId, { userId, role });
  return user(userId);
}

export async function deleteTenant(db: Database, { tenantId }: Tenant): Promise<void> {
  await db.query("delete from public.tenants where id = $1", [tenantId]);
}
