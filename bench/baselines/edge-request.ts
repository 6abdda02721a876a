/** What requirements.md asks of every function before it calls the model, with supabase-js. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { required } from "../programs/serve-parent.ts";

export interface EdgeRequest {
  readonly supabase: SupabaseClient;
  readonly workspaceId: string;
  readonly tenantId: string;
  readonly payload: unknown;
  readonly prompt: string;
}

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, x-client-info, apikey, content-type",
};

export const STREAM_HEAD = { ...CORS, "content-type": "text/event-stream" };

/** Null when the request has been refused already. */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<EdgeRequest | null> {
  const payload = await readJson(request);
  const supabase = clientOf(request.headers.authorization ?? "");
  const token = request.headers.authorization?.replace("Bearer ", "");
  const { data, error } = await supabase.auth.getUser(token);
  if (error || !data.user) return refuse(response, 401, "Unauthorized");
  const workspaceId = memberOf(payload, "workspaceId");
  const workspace = await supabase
    .from("workspaces")
    .select("id, tenant_id")
    .eq("id", workspaceId)
    .maybeSingle();
  if (!workspace.data) return refuse(response, 403, "Forbidden");
  const tenantId = String(workspace.data["tenant_id"]);
  return { supabase, workspaceId, tenantId, payload, prompt: lastMessage(payload) };
}

/** A client for each request that acts as its caller, as Edge Functions make one. */
function clientOf(authorization: string): SupabaseClient {
  return createClient(required("SUPABASE_URL"), required("SUPABASE_PUBLISHABLE_KEY"), {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { headers: { Authorization: authorization } },
  });
}

export async function insertRun({ supabase, workspaceId, tenantId, payload }: EdgeRequest) {
  const { data, error } = await supabase
    .from("bench_runs")
    .insert({
      agent: "cmo-brand-intake",
      mode: "setup",
      tenant_id: tenantId,
      workspace_id: workspaceId,
      status: "running",
      input: payload,
    })
    .select("id")
    .single();
  if (error) throw error;
  return String(data["id"]);
}

export async function completeRun(
  supabase: SupabaseClient,
  runId: string,
  { text, startedAt }: { readonly text: string; readonly startedAt: number },
): Promise<void> {
  const { error } = await supabase
    .from("bench_runs")
    .update({
      status: "completed",
      output: { text },
      duration_ms: Math.round(performance.now() - startedAt),
      completed_at: new Date().toISOString(),
    })
    .eq("id", runId);
  if (error) throw error;
}

/** The three reads that requirements.md demands, and that our agent makes. */
export async function readContext({ supabase, workspaceId }: EdgeRequest): Promise<string> {
  const read = (table: string) =>
    supabase.from(table).select("*").eq("workspace_id", workspaceId).limit(200);
  const [brand, segments, offers] = await Promise.all([
    read("cmo_brand_profiles"),
    read("cmo_icp_segments"),
    read("cmo_offers"),
  ]);
  return JSON.stringify([brand.data, segments.data, offers.data]);
}

export function refuse(response: ServerResponse, status: number, error: string): null {
  response.writeHead(status, { ...CORS, "content-type": "application/json" });
  response.end(JSON.stringify({ error }));
  return null;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += String(part);
  return JSON.parse(text);
}

function memberOf(value: unknown, name: string): string {
  return typeof value === "object" && value !== null ? String(Reflect.get(value, name)) : "";
}

function lastMessage(payload: unknown): string {
  const messages: unknown =
    typeof payload === "object" && payload !== null ? Reflect.get(payload, "messages") : null;
  return Array.isArray(messages) ? memberOf(messages.at(-1), "content") : "";
}
