/** The demo's client. It does what a front end does, with the library that front ends use. */
import { eventDataSchemas, type Run, type RunMode, runSchema } from "@cmo/shared/contract";
import { createClient } from "@supabase/supabase-js";
import { EventSourceParserStream } from "eventsource-parser/stream";

export interface DemoTarget {
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly apiUrl: string;
  readonly email: string;
  readonly password: string;
}

/** What the stream of a run has delivered so far. */
export interface DemoProgress {
  text: string;
  percent: number;
  events: number;
  /** Time from the submit to the first text. */
  firstTextMs: number | null;
}

/** A run and the time of its submit. */
interface Submitted {
  readonly id: string;
  readonly askedAt: number;
}

export interface DemoClient {
  /** Submits in the user's default workspace, unless another is named. */
  submit(mode: RunMode, payload: Record<string, unknown>, workspaceId?: string): Promise<Submitted>;
  /** Follows the stream to its end and calls `onChange` after every event. */
  follow(run: Submitted, onChange: (progress: DemoProgress) => void): Promise<DemoProgress>;
  poll(runId: string): Promise<Run>;
}

export async function signIn(target: DemoTarget): Promise<DemoClient> {
  const supabase = createClient(target.supabaseUrl, target.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const { email, password } = target;
  const { data, error } = await supabase.auth.signInWithPassword({ email, password });
  if (error) {
    throw new Error(`Could not sign in as ${email}: ${error.message}. Is the seed applied?`);
  }
  const token = data.session.access_token;
  const request = (path: string, init: RequestInit = {}) => ask(target.apiUrl + path, token, init);

  return {
    async submit(mode, payload, workspaceId) {
      const askedAt = performance.now();
      const body = JSON.stringify({ mode, payload, workspace_id: workspaceId });
      const headers = { "content-type": "application/json" };
      const response = await request("/v1/runs", { method: "POST", headers, body });
      return { id: runSchema.parse(await response.json()).id, askedAt };
    },
    async follow({ id, askedAt }, onChange) {
      return readStream(await request(`/v1/runs/${id}/events`), askedAt, onChange);
    },
    async poll(runId) {
      for (;;) {
        const response = await request(`/v1/runs/${runId}?wait=10`);
        const run = runSchema.parse(await response.json());
        if (run.status !== "running") return run;
      }
    },
  };
}

async function ask(url: string, token: string, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${token}` };
  const response = await fetch(url, { ...init, headers });
  if (response.ok) return response;
  throw new Error(
    `${init.method ?? "GET"} ${url} answered ${response.status}: ${await response.text()}`,
  );
}

async function readStream(
  response: Response,
  askedAt: number,
  onChange: (progress: DemoProgress) => void,
): Promise<DemoProgress> {
  const progress: DemoProgress = { text: "", percent: 0, events: 0, firstTextMs: null };
  if (!response.body) return progress;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data, id } of events) {
    if (id !== undefined) progress.events += 1;
    apply(progress, event ?? "", data);
    if (event === "delta") progress.firstTextMs ??= Math.round(performance.now() - askedAt);
    onChange(progress);
  }
  return progress;
}

/** The whole client: `attempt` with `reset` clears the text; a delta that continues it is appended. */
function apply(progress: DemoProgress, type: string, data: string): void {
  if (type === "attempt" && eventDataSchemas.attempt.parse(JSON.parse(data)).reset) {
    progress.text = "";
  } else if (type === "delta") {
    const { text, offset } = eventDataSchemas.delta.parse(JSON.parse(data));
    if (offset === progress.text.length) progress.text += text;
  } else if (type === "snapshot") {
    progress.text = eventDataSchemas.delta.pick({ text: true }).parse(JSON.parse(data)).text;
  } else if (type === "progress") {
    progress.percent = eventDataSchemas.progress.parse(JSON.parse(data)).percent;
  } else if (type === "completed") {
    progress.percent = 100;
  }
}
