/** A tenant of its own for a test, so that tests share a database without seeing each other. */
import { inject } from "vitest";
import { query } from "./query.ts";
import {
  type NewWorkspace,
  placeMember,
  placeTenant,
  placeUser,
  placeWorkspace,
  type Role,
} from "./tenancy.ts";
import { signToken } from "./token.ts";

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

export async function createTenant(): Promise<Tenant> {
  const user = await createUser();
  const placed = await placeTenant(query, { ownerId: user.id, isDefault: true });
  await addMember(placed.workspaceId, user.id, "owner");
  return { ...placed, user };
}

export async function createUser(): Promise<TestUser> {
  const id = await placeUser(query);
  return { id, token: await mintToken({ sub: id }) };
}

export async function addWorkspace(workspace: NewWorkspace): Promise<string> {
  const id = await placeWorkspace(query, workspace);
  await addMember(id, workspace.ownerId, "owner");
  return id;
}

export function addMember(workspaceId: string, userId: string, role: Role): Promise<void> {
  return placeMember(query, workspaceId, { userId, role });
}

/** A new user with this role in the workspace. */
export async function createMember(workspaceId: string, role: Role): Promise<TestUser> {
  const user = await createUser();
  await addMember(workspaceId, user.id, role);
  return user;
}

/** `claims` replace those of an ordinary token. */
export function mintToken(
  claims: Readonly<Record<string, unknown>>,
  secret: string = inject("stack").jwtSecret,
): Promise<string> {
  return signToken(secret, claims);
}
