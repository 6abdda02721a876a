/** One way to call a function of the ledger: named arguments in, a parsed object out. */
import type { SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import type { LedgerDatabase } from "./clients.ts";
import { toDatabaseError } from "./database-error.ts";

type Functions = LedgerDatabase["public"]["Functions"];

export async function callRpc<Name extends keyof Functions & string, Result>(
  client: SupabaseClient<LedgerDatabase>,
  call: {
    readonly name: Name;
    readonly args: Functions[Name]["Args"];
    /** An answer that has not come by then counts as an outage, whatever the call has done. */
    readonly signal?: AbortSignal | undefined;
  },
  result: z.ZodType<Result>,
): Promise<Result> {
  const request = client.rpc(call.name, call.args);
  const { data, error, status } = await (call.signal ? request.abortSignal(call.signal) : request);
  if (error) throw toDatabaseError(call.name, error, status);
  return result.parse(data);
}
