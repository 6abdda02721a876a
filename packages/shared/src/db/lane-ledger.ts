/** The ledger's functions about lanes, which are a gateway's keys and models, for workers. */
import { z } from "zod";
import { type ErrorCode, gatewayLaneSchema } from "../contract/index.ts";
import { callRpc } from "./call-rpc.ts";
import type { ServiceClient } from "./clients.ts";

const watchedLaneSchema = gatewayLaneSchema.extend({
  lane: z.string(),
  /** Of calls in a row, by any worker, before any text. */
  failures: z.int(),
});

export type WatchedLane = z.infer<typeof watchedLaneSchema>;

/** What a call has shown. `worked`: an answer began. */
export interface LaneReport {
  readonly lane: string;
  readonly kind: "worked" | "failed" | "rate_limited" | "payment_required";
  readonly run_id: string;
  readonly code?: ErrorCode;
  readonly retry_after_ms?: number;
}

export interface LaneLedger {
  /** Says that this process uses the lanes, and returns their states in this order. */
  watch(lanes: readonly string[], signal: AbortSignal): Promise<readonly WatchedLane[]>;
  /** Returns the lane's state after the report; null for a lane that nobody watches. */
  report(report: LaneReport, signal: AbortSignal): Promise<WatchedLane | null>;
}

const caller = "worker";

export function createLaneLedger(client: ServiceClient): LaneLedger {
  return {
    watch: (lanes, signal) => {
      const args = { p_lanes: [...lanes] };
      const call = { name: "watch_lanes", caller, args, signal } as const;
      return callRpc(client, call, z.array(watchedLaneSchema));
    },
    report: (report, signal) => {
      const args = { p_report: z.json().parse(report) };
      const call = { name: "report_lane", caller, args, signal } as const;
      return callRpc(client, call, watchedLaneSchema.nullable());
    },
  };
}
