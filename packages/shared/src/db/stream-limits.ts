/** How many streams a user may have open, and their tenant. Asked as the user, of their own tenants. */
import { z } from "zod";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";

export interface StreamLimits {
  readonly tenantId: string;
  readonly maxStreams: number;
  readonly maxUserStreams: number;
}

/** What a request says of its workspace. */
export interface MeantWorkspace {
  readonly workspaceId: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

export type FindStreamLimits = (meant: MeantWorkspace) => Promise<StreamLimits>;

const limitsSchema = z
  .object({ tenant_id: z.guid(), max_streams: z.int(), max_user_streams: z.int() })
  .transform((row) => ({
    tenantId: row.tenant_id,
    maxStreams: row.max_streams,
    maxUserStreams: row.max_user_streams,
  }));

export function createStreamLimits(client: UserClient): FindStreamLimits {
  return ({ workspaceId, idempotencyKey }) => {
    const args = {
      ...(workspaceId === undefined ? {} : { p_workspace_id: workspaceId }),
      ...(idempotencyKey === undefined ? {} : { p_idempotency_key: idempotencyKey }),
    };
    return callRpc(client, { name: "stream_limits", caller: "user", args }, limitsSchema);
  };
}
