/** Calls of the functions that manage workspaces and their members, as the users who make them. */
import { type Caller, type Database, refusalOf, user } from "../../../test/support/database.ts";
import { placeUser } from "../../../test/support/tenancy.ts";

interface Created {
  readonly workspace: { readonly id: string; readonly tenant_id: string; readonly role: string };
}

interface Listed {
  readonly workspaces: readonly { readonly id: string; readonly role: string }[];
  readonly invitations: readonly { readonly workspace_id: string; readonly role: string }[];
}

interface SignedUp extends Caller {
  readonly userId: string;
  readonly email: string;
}

export interface Membership {
  readonly workspaceId: string;
  readonly userId: string | null;
}

interface Invitation {
  readonly workspaceId: string;
  readonly email: string;
  readonly role?: string;
}

/** A user with a confirmed address and no workspace. */
export async function signUp(db: Database): Promise<SignedUp> {
  const userId = await placeUser(db.query);
  return { ...user(userId), userId, email: `${userId}@cmo-kernel.test` };
}

export const create = (
  db: Database,
  caller: Caller,
  args: Readonly<Record<string, unknown>> = {},
) => db.call<Created>(caller, "create_workspace", { p_name: "Café Jörg & Söhne", ...args });
export const list = (db: Database, caller: Caller) =>
  db.call<Listed>(caller, "list_workspaces", {});
export const invite = (db: Database, caller: Caller, to: Invitation) =>
  db.call(caller, "invite_member", {
    p_workspace_id: to.workspaceId,
    p_email: to.email,
    p_role: to.role ?? "member",
  });
export const accept = (db: Database, caller: Caller, id: string) =>
  db.call<Created>(caller, "accept_invitation", { p_workspace_id: id });
export const change = (db: Database, caller: Caller, of: Membership & { readonly role: string }) =>
  db.call(caller, "change_member_role", {
    p_workspace_id: of.workspaceId,
    p_user_id: of.userId,
    p_role: of.role,
  });
export const remove = (db: Database, caller: Caller, { workspaceId, userId }: Membership) =>
  db.call(caller, "remove_member", { p_workspace_id: workspaceId, p_user_id: userId });
export const refusal = async (attempt: Promise<unknown>) => (await refusalOf(attempt)).message;
