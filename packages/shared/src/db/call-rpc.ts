/** One way to call a function of the ledger: named arguments in, a parsed object out. */
import type { SupabaseClient } from "@supabase/supabase-js";
import type { z } from "zod";
import { toDatabaseError } from "./database-error.ts";
import type { Database } from "./types.gen.ts";

type Functions = Database["public"]["Functions"];

export async function callRpc<Name extends keyof Functions & string, Result>(
  client: SupabaseClient<Database>,
  call: { readonly name: Name; readonly args: Functions[Name]["Args"] },
  result: z.ZodType<Result>,
): Promise<Result> {
  const { data, error, status } = await client.rpc(call.name, call.args);
  if (error) throw toDatabaseError(call.name, error, status);
  return result.parse(data);
}
