/** Sabotages of how users get workspaces, and others into them. */
import { becomes, remove, type Sabotage } from "../sabotage.ts";

const file = "supabase/schemas/57_membership.sql";
const red = (name: string, of = "membership") =>
  ({ project: "integration", file: `supabase/tests/${of}.test.ts`, name }) as const;

export const membershipSabotages: readonly Sabotage[] = [
  {
    id: "anonymous-sessions-get-workspaces",
    file,
    guards: "G15: anonymous",
    change: becomes("  if false then"),
    red: {
      project: "integration",
      file: "test/integration/workspaces.int.test.ts",
      name: "an anonymous session gets no workspace",
    },
  },
  {
    id: "a-workspace-in-any-tenant",
    file,
    guards: "G18: tenant of a new workspace",
    lines: 4,
    change: becomes("  if false then"),
    red: red("adds a workspace to their own tenant, and to no other"),
  },
  {
    id: "workspaces-without-end",
    file,
    guards: "G16: workspaces of a user",
    change: becomes("  if false then"),
    red: red("owns as many workspaces as the policy allows, also when they are asked for at once"),
  },
  {
    id: "invitations-without-end",
    file,
    guards: "G16: invitations of a workspace",
    lines: 2,
    change: becomes("  if false then"),
    red: red("is refused above the limit of a workspace", "invitations"),
  },
  {
    id: "a-workspace-without-an-owner",
    file,
    guards: "G18: last owner",
    change: becomes("  if false then"),
    red: red("stays, by whatever way"),
  },
  {
    id: "everybody-manages-members",
    file,
    guards: "G18: roles of others",
    change: remove,
    red: red("a viewer cannot raise their own role"),
  },
];
