/** Reads the state of the gateways that workers use, without a user's token. */
import { z } from "zod";
import { gatewayLaneSchema } from "../contract/index.ts";

const gatewayStateSchema = z.object({
  /** What keeps every worker from starting runs. */
  pause: z.object({ reason: z.string(), until: z.iso.datetime({ offset: true }) }).nullable(),
  lanes: z.array(gatewayLaneSchema),
});

export type GatewayState = z.infer<typeof gatewayStateSchema>;

/** Null when there is no answer. */
export async function readGatewayState(options: {
  readonly url: string;
  readonly publishableKey: string;
  readonly signal: AbortSignal;
}): Promise<GatewayState | null> {
  try {
    const response = await fetch(`${options.url}/rest/v1/rpc/gateway_state`, {
      method: "POST",
      headers: { apikey: options.publishableKey, "content-type": "application/json" },
      body: "{}",
      signal: options.signal,
    });
    const state = gatewayStateSchema.safeParse(await response.json());
    return state.success ? state.data : null;
  } catch {
    // The connection was refused, timed out or unresolved, or the answer was not JSON.
    return null;
  }
}
