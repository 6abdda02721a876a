/** A user of the system: submits, reads and cancels over HTTP, and records the responses. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readWithChat } from "./chat-reader.ts";
import { type HistoryRecorder, now } from "./history.ts";
import type { Tenant } from "./observed-database.ts";
import { createReader, type Reader, type ReaderOptions } from "./reader.ts";

export interface SubmitOptions {
  /** Asks the demo gateway for a fault, such as `reset-mid-stream-once`. */
  readonly fault?: string;
  readonly key?: string;
  /** Becomes part of the goal, so that two submits can have different bodies. */
  readonly goal?: string;
  /** Which of the addresses; the first by default. */
  readonly api?: number;
}

interface SubmitReply {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly code: string | null;
  /** Null unless it was accepted. */
  readonly runId: string | null;
  readonly replayed: boolean;
  /** Seconds after which to come back; null when the answer names none. */
  readonly retryAfter: number | null;
}

interface ReadOptions extends Pick<ReaderOptions, "onEvent"> {
  /** Follows at this address alone; at all of them in turn by default. */
  readonly api?: number;
}

export interface Client {
  readonly tenant: Tenant;
  submit(options?: SubmitOptions): Promise<SubmitReply>;
  /** Submits, and throws unless it was accepted. */
  start(options?: SubmitOptions): Promise<string>;
  read(runId: string, options?: ReadOptions): Reader;
  /** Follows with a screen of the AI SDK. */
  readWithChat(runId: string): void;
  cancel(runId: string): Promise<{ readonly status: number; readonly runStatus: string | null }>;
  /** True when every reader is done. */
  isTold(): boolean;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly tenant: Tenant;
  /** One for each API process; a reader moves to the next when one fails. */
  readonly urls: readonly string[];
  readonly recorder: HistoryRecorder;
  /** A connection that is silent for longer is dead. */
  readonly silenceMs: number;
}

const ANSWER_WITHIN_MS = 30_000;
const runSchema = z.object({ id: z.uuid(), status: z.string() });
const problemSchema = z.object({ code: z.string() });

export function createClient({ tenant, urls, recorder, silenceMs }: ClientOptions): Client {
  const readers = openReaders({ tenant, urls, recorder, silenceMs });
  const canary = `canary-${randomUUID().slice(0, 8)}`;

  async function submit(options: SubmitOptions = {}): Promise<SubmitReply> {
    const { key = null, fault = null, goal = "" } = options;
    const { tenantId } = tenant;
    const request = randomUUID();
    recorder.note({ kind: "submitted", request, tenantId, key, canary, fault });
    const response = await call(`${urls[options.api ?? 0]}/v1/runs`, tenant.token, {
      headers: key === null ? {} : { "idempotency-key": key },
      body: {
        mode: "strategy",
        workspace_id: tenant.workspaceId,
        payload: { primaryGoal: `${canary} ${goal} ${markerOf(fault)}`.trim(), budget: 12_000 },
      },
    });
    const run = response.status < 300 ? runSchema.safeParse(response.json).data : undefined;
    if (run) recorder.note({ kind: "accepted", request, runId: run.id });
    const code = problemSchema.safeParse(response.json).data?.code ?? null;
    const { status, replayed, retryAfter } = response;
    if (!run) recorder.note({ kind: "not_accepted", request, status, code });
    return { status, code, runId: run?.id ?? null, replayed, retryAfter };
  }

  return {
    tenant,
    submit,
    async start(options) {
      const reply = await submit(options);
      if (reply.runId !== null) return reply.runId;
      throw new Error(`A submit was answered with ${reply.status} ${reply.code ?? ""}.`);
    },
    ...readers,
    async cancel(runId) {
      const askedAt = now();
      const url = `${urls[0]}/v1/runs/${runId}/cancel`;
      const { status, json } = await call(url, tenant.token, {});
      const runStatus = runSchema.safeParse(json).data?.status ?? null;
      recorder.note({ kind: "cancel_replied", runId, askedAt, httpStatus: status, runStatus });
      return { status, runStatus };
    },
  };
}

/** All that follow runs for this client. */
function openReaders({
  tenant: { token },
  urls,
  recorder,
  silenceMs,
}: ClientOptions): Pick<Client, "read" | "readWithChat" | "isTold" | "close"> {
  const all: { readonly done: Promise<unknown>; leave(): void }[] = [];
  let reading = 0;
  function keep(reader: (typeof all)[number]): void {
    all.push(reader);
    reading += 1;
    void reader.done.then(() => {
      reading -= 1;
    });
  }
  const nameOf = (runId: string, kind: string) => `${runId.slice(0, 8)}-${kind}-${all.length + 1}`;

  return {
    read(runId, { api, ...options } = {}) {
      const own = urls.filter((_, index) => api === undefined || api === index);
      const reader = createReader({
        ...{ name: nameOf(runId, "reader"), runId, token, urls: own, recorder, silenceMs },
        ...options,
      });
      keep(reader);
      return reader;
    },
    readWithChat(runId) {
      keep(readWithChat({ name: nameOf(runId, "chat"), runId, token, urls, recorder, silenceMs }));
    },
    isTold: () => reading === 0,
    async close() {
      for (const reader of all) reader.leave();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}

/** The marker that the demo gateway looks for in a prompt. */
function markerOf(fault: string | null): string {
  return fault === null ? "" : `[[fault:${fault}]]`;
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

async function call(url: string, token: string, { headers = {}, body }: Call) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const json: unknown = await response.json().catch(() => null);
    const replayed = response.headers.get("idempotency-replayed") === "true";
    const retryAfter = response.headers.get("retry-after");
    return {
      ...{ status: response.status, json, replayed },
      retryAfter: retryAfter === null ? null : Number(retryAfter),
    };
  } catch {
    // Cut before the response: the outcome is unknown.
    return { status: 0, json: null, replayed: false, retryAfter: null };
  }
}
