/** Metrics that a user imports. The database checks every line and the user's role. */
import { z } from "zod";
import {
  type MetricsImported,
  type MetricsLine,
  metricsImportedSchema,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";

interface MetricsTable {
  readonly workspaceId: string | undefined;
  readonly lines: readonly MetricsLine[];
  readonly dryRun: boolean;
}

export interface UserMetrics {
  /** Writes all lines, or none if one of them is refused. */
  import(table: MetricsTable): Promise<MetricsImported>;
}

export function createUserMetrics(client: UserClient): UserMetrics {
  return {
    import: ({ workspaceId, lines, dryRun }) =>
      callRpc(
        client,
        {
          name: "import_metrics",
          caller: "user",
          args: {
            p_lines: z.json().parse(lines),
            p_dry_run: dryRun,
            ...(workspaceId === undefined ? {} : { p_workspace_id: workspaceId }),
          },
        },
        metricsImportedSchema,
      ),
  };
}
