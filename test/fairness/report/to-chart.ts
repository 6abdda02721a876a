/** The chart of the waits of the whole product. */

import type { Waits } from "../product/play-product.ts";
import type { Watched } from "../product/quiet-tenants.ts";
import type { TenantWaits, WaitsChart } from "./draw-waits.ts";

export function toChart({ fair, fifo }: Waits): WaitsChart {
  const [fairly, inOrder] = [byClient(fair), byClient(fifo)];
  const tenants: TenantWaits[] = [...fairly].map(([client, waits]) => ({
    fair: waits.map(({ waited }) => waited),
    fifo: inOrder.get(client) ?? [],
  }));
  return { title: "Waits of quiet tenants beside a flood", tenants };
}

/** The same client in both orders, although one tenant has all runs in one of them. */
function byClient({ waits, period }: Watched) {
  const all = waits.map(({ client, waitMs, createdAt }) => ({
    client,
    waited: (waitMs ?? Math.max(0, period.to - createdAt)) / 1000,
    isOver: waitMs !== null,
  }));
  return Map.groupBy(all, ({ client }) => client);
}
