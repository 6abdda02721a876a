/** What the ledger says about the limits of submissions, with an accepted run and with a refusal. */
import { z } from "zod";

const perWindowSchema = z.object({ minute: z.int(), hour: z.int(), day: z.int() });

export const rateLimitSchema = z.object({
  /** Who has used it up: all users of the tenant together, or the caller. */
  scope: z.enum(["tenant", "user"]),
  /** `queue`: the runs that wait for a worker, which no clock empties. */
  window: z.enum(["minute", "hour", "day", "queue"]),
  limit: z.int(),
  remaining: z.int(),
  /** Seconds until the window ends, or until a place in the queue may be free. */
  reset: z.int(),
  /** All limits of the tenant. */
  rates: z.object({ queued: z.int(), tenant: perWindowSchema, user: perWindowSchema }),
});

export type RateLimit = z.infer<typeof rateLimitSchema>;
