/** What the workspaces of a user have used, under that user's rights. */
import { z } from "zod";
import {
  RUN_MODES,
  type RunMode,
  type TypicalCost,
  type UsageQuery,
  type UsageReport,
  usageReportSchema,
} from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { UserClient } from "./clients.ts";

export interface UserUsage {
  report(query: UsageQuery): Promise<UsageReport>;
  /** What a run of each mode has typically cost; modes without runs are left out. */
  typicalCosts(): Promise<ReadonlyMap<RunMode, TypicalCost>>;
}

const typicalSchema = z.partialRecord(
  z.enum(RUN_MODES),
  z.object({ runs: z.int(), median_micros: z.int(), p90_micros: z.int() }),
);
const caller = "user";

export function createUserUsage(client: UserClient): UserUsage {
  return {
    report: (query) => {
      const call = { name: "usage_report", caller, args: toArgs(query) } as const;
      return callRpc(client, call, usageReportSchema);
    },
    async typicalCosts() {
      const call = { name: "typical_costs", caller, args: {} } as const;
      const typical = await callRpc(client, call, typicalSchema);
      return new Map(
        RUN_MODES.flatMap((mode): [RunMode, TypicalCost][] => {
          const found = typical[mode];
          if (!found) return [];
          const { runs, median_micros, p90_micros } = found;
          return [[mode, { runs, median: toCost(median_micros), p90: toCost(p90_micros) }]];
        }),
      );
    },
  };
}

/** What runs have cost, whether it was reported or estimated, is a hint for the next one. */
function toCost(micros: number) {
  return { micros, currency: "USD", estimated: true };
}

/** The function's defaults apply to arguments that are left out. */
function toArgs({ group_by, from, to, workspace_id, time_zone }: UsageQuery) {
  return {
    p_group_by: group_by,
    ...(from === undefined ? {} : { p_from: from }),
    ...(to === undefined ? {} : { p_to: to }),
    ...(workspace_id === undefined ? {} : { p_workspace_id: workspace_id }),
    ...(time_zone === undefined ? {} : { p_time_zone: time_zone }),
  };
}
