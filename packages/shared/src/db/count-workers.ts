/** Counts the live workers, without a user's token. Null when there is no answer. */
import { z } from "zod";

const countSchema = z.object({ alive: z.int().nonnegative() });

export async function countWorkers(options: {
  readonly url: string;
  readonly publishableKey: string;
  readonly signal: AbortSignal;
}): Promise<number | null> {
  try {
    const response = await fetch(`${options.url}/rest/v1/rpc/count_workers`, {
      method: "POST",
      headers: { apikey: options.publishableKey, "content-type": "application/json" },
      body: "{}",
      signal: options.signal,
    });
    const count = countSchema.safeParse(await response.json());
    return count.success ? count.data.alive : null;
  } catch {
    // The connection was refused, timed out or unresolved, or the answer was not JSON.
    return null;
  }
}
