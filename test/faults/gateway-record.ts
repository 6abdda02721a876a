/** The calls of each run, as the demo gateway recorded them. */
import { z } from "zod";
import type { ObservedCall } from "./history.ts";

export interface GatewayRecord {
  /** Oldest first. */
  callsOf(runId: string): Promise<ObservedCall[]>;
}

const recordSchema = z.array(
  z.object({
    requestId: z.string(),
    receivedAt: z.iso.datetime(),
    status: z.int().nullable(),
    textSent: z.string(),
    closedBy: z.enum(["gateway", "client"]).nullable(),
    closedAt: z.iso.datetime().nullable(),
  }),
);

export function newGatewayRecord(gatewayUrl: string): GatewayRecord {
  const { origin } = new URL(gatewayUrl);
  return {
    async callsOf(runId) {
      const response = await fetch(`${origin}/record/${runId}`);
      return recordSchema.parse(await response.json()).map((call) => toCall(runId, call));
    },
  };
}

function toCall(
  runId: string,
  { requestId, receivedAt, status, textSent, closedBy, closedAt }: z.infer<typeof recordSchema>[0],
): ObservedCall {
  const [attempt, call] = requestId.slice(runId.length + 1).split("-", 2);
  return {
    attempt: Number(attempt),
    call: Number(call),
    receivedAt: Date.parse(receivedAt),
    status,
    textSent,
    closedBy,
    closedAt: closedAt === null ? null : Date.parse(closedAt),
  };
}
