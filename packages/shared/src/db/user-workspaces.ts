/** Workspaces of a user. The database decides what the user may do with each of them. */
import { z } from "zod";
import {
  type NewWorkspace,
  type Workspace,
  type WorkspaceList,
  workspaceListSchema,
  workspaceSchema,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";

export interface UserWorkspaces {
  create(workspace: NewWorkspace): Promise<Workspace>;
  /** The user's own, and invitations that wait for an answer. */
  list(): Promise<WorkspaceList>;
}

const createdSchema = z.object({ workspace: workspaceSchema });
const caller = "user";

export function createUserWorkspaces(client: UserClient): UserWorkspaces {
  return {
    async create(wanted) {
      const call = { name: "create_workspace", caller, args: toArgs(wanted) } as const;
      return (await callRpc(client, call, createdSchema)).workspace;
    },
    list: () => callRpc(client, { name: "list_workspaces", caller, args: {} }, workspaceListSchema),
  };
}

/** The function's defaults apply to arguments that are left out. */
function toArgs({ name, time_zone, currency, language, tenant_id }: NewWorkspace) {
  return {
    p_name: name,
    ...(time_zone === undefined ? {} : { p_time_zone: time_zone }),
    ...(currency === undefined ? {} : { p_currency: currency }),
    ...(language === undefined ? {} : { p_language: language }),
    ...(tenant_id === undefined ? {} : { p_tenant_id: tenant_id }),
  };
}
