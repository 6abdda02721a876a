/** Calls a function of the database with named arguments and parses its result. */
import type { SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import { toWellFormedValue } from "../contract/index.ts";
import type { LedgerDatabase } from "./clients.ts";
import { type DatabaseCall, toDatabaseError } from "./database-error.ts";

type Functions = LedgerDatabase["public"]["Functions"];

export async function callRpc<Name extends keyof Functions & string, Result>(
  client: SupabaseClient<LedgerDatabase>,
  call: DatabaseCall & {
    readonly name: Name;
    readonly args: Functions[Name]["Args"];
    /** An abort counts as an outage, even though the database may have applied the call. */
    readonly signal?: AbortSignal | undefined;
  },
  result: z.ZodType<Result>,
): Promise<Result> {
  const request = client.rpc(call.name, toStorable(call.args));
  const { data, error, status } = await (call.signal ? request.abortSignal(call.signal) : request);
  if (error) throw toDatabaseError(call, error, status);
  return result.parse(data);
}

/**
 * The second line of defence: text is made well-formed where it enters. One string that Postgres
 * refuses would keep a run from being finalized and from being released.
 */
function toStorable<Value>(value: Value): Value;
function toStorable(value: unknown): unknown {
  // guards G1: text of a call
  return toWellFormedValue(value);
}
