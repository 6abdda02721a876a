/** The state of a gateway's lanes, one for each key and model, as readiness checks show it. */
import { z } from "zod";

export const gatewayLaneSchema = z.object({
  model: z.string(),
  state: z
    .enum(["open", "limited", "paused", "due", "probing"])
    .describe(
      "`paused` until a time, then `due` for a probe. `limited`: so many runs at most, and more every second.",
    ),
  reason: z
    .string()
    .nullable()
    .describe("`rate_limited`, `payment_required`, `gateway_error` or `gateway_timeout`."),
  until: z.iso.datetime({ offset: true }).nullable(),
  max_running: z.int().nullable().describe("Of a limited lane: how many runs may be active."),
});

export type GatewayLane = z.infer<typeof gatewayLaneSchema>;
