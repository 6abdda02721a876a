/**
 * Everything that the API is built from, defined once. A route picks what it uses, such as
 * `Pick<ApiDeps, "hub" | "runLog">`.
 */
import type { RunQueue } from "@cmo/shared/queue";
import type { Clock, Logger } from "@cmo/shared/runtime";
import type { RunHub, RunLog, StreamSlots, StreamTickets } from "@cmo/shared/stream";
import type { Drain } from "./drain.ts";
import type { GatewayWatch } from "./gateway-watch.ts";
import type { CallerSource } from "./http/caller.ts";
import type { Policy } from "./policy.ts";

export interface ApiDeps extends CallerSource {
  readonly log: Logger;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly drain: Drain;
  readonly queue: RunQueue;
  readonly runLog: RunLog;
  readonly hub: RunHub;
  readonly slots: StreamSlots;
  readonly tickets: StreamTickets;
  readonly gateway: GatewayWatch;
  readonly isDatabaseUp: (signal: AbortSignal) => Promise<boolean>;
  /** The number of live workers; null when the database does not answer. */
  readonly countWorkers: (signal: AbortSignal) => Promise<number | null>;
  readonly corsOrigins: readonly string[];
  /** Proxies whose `X-Forwarded-For` is trusted. */
  readonly trustProxy: false | string[];
  readonly functionsUpstreamUrl: string | undefined;
}
