/** Calls a function of the database with named arguments and parses its result. */
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
    /** An abort counts as an outage, even though the database may have applied the call. */
    readonly signal?: AbortSignal | undefined;
  },
  result: z.ZodType<Result>,
): Promise<Result> {
  const request = client.rpc(call.name, call.args);
  const { data, error, status } = await (call.signal ? request.abortSignal(call.signal) : request);
  if (error) throw toDatabaseError(call.name, error, status);
  return result.parse(data);
}
