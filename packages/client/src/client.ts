/** The client: everything that the API offers to a signed-in user. */
import { type CmoOptions, createHttp, type Http } from "./http.ts";
import { createRunHandle, type RunHandle } from "./run-handle.ts";
import type {
  Agent,
  InputByMode,
  Mode,
  Pipeline,
  Run,
  RunPage,
  UsageReport,
  Workspace,
} from "./types.ts";

export interface CreateRun<M extends Mode> {
  readonly mode: M;
  readonly payload?: InputByMode[M];
  /** Default: the caller's only or default workspace. */
  readonly workspaceId?: string;
  /** Whether to save what the run makes. Default: yes, but for `setup`. */
  readonly save?: boolean;
}

export interface CreateOptions {
  /** One key names one run: a repeat returns it. Default: a new key, so that a repeat after a cut is safe. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ListRuns {
  readonly workspaceId?: string;
  readonly status?: Run["status"];
  readonly mode?: Mode;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly before?: string;
}

export interface CreatePipeline {
  readonly steps: Pipeline["steps"];
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly workspaceId?: string;
}

export interface UsageQuery {
  readonly groupBy: UsageReport["group_by"];
  /** The first day, as `2026-11-01`. Default: 29 days before the last. */
  readonly from?: string;
  /** The last day, which is included. Default: today. */
  readonly to?: string;
  /** Default: every workspace that the caller may read. */
  readonly workspaceId?: string;
  /** Where days begin, as `Europe/Berlin`. Default: the workspace's, or UTC for several. */
  readonly timeZone?: string;
}

export interface Cmo {
  readonly runs: {
    create<M extends Mode>(run: CreateRun<M>, options?: CreateOptions): Promise<RunHandle<M>>;
    /** An existing run. Name its mode to have its output typed. */
    get<M extends Mode = Mode>(id: string): Promise<RunHandle<M>>;
    list(query?: ListRuns): Promise<RunPage>;
  };
  readonly pipelines: {
    create(pipeline: CreatePipeline, options?: CreateOptions): Promise<Pipeline>;
    get(id: string): Promise<Pipeline>;
    cancel(id: string): Promise<Pipeline>;
  };
  readonly agents: { list(): Promise<readonly Agent[]> };
  readonly workspaces: { list(): Promise<readonly Workspace[]> };
  /** What runs have used and cost, in groups. */
  usage(query: UsageQuery): Promise<UsageReport>;
}

export function createCmo(options: CmoOptions): Cmo {
  const http = createHttp(options);
  return {
    runs: createRuns(http),
    pipelines: createPipelines(http),
    agents: {
      list: async () => (await http.json<{ agents: Agent[] }>({ path: "/v1/agents" })).agents,
    },
    workspaces: {
      list: async () =>
        (await http.json<{ workspaces: Workspace[] }>({ path: "/v1/workspaces" })).workspaces,
    },
    usage: ({ groupBy, from, to, workspaceId, timeZone }) => {
      const query = {
        group_by: groupBy,
        from,
        to,
        workspace_id: workspaceId,
        time_zone: timeZone,
      };
      return http.json<UsageReport>({ path: "/v1/usage", query });
    },
  };
}

/** Two tries: the answer to the first may be lost on its way, and the key makes the second find its run. */
async function createOnce<Answer>(
  http: Http,
  { path, body }: { readonly path: string; readonly body: object },
  { idempotencyKey = crypto.randomUUID(), signal }: CreateOptions = {},
): Promise<Answer> {
  const headers = { "idempotency-key": idempotencyKey };
  const send = () => http.json<Answer>({ method: "POST", path, body, headers, signal });
  try {
    return await send();
  } catch (error) {
    signal?.throwIfAborted();
    if (!isCut(error)) throw error;
    return send();
  }
}

const isCut = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "network";

function createRuns(http: Http): Cmo["runs"] {
  return {
    async create<M extends Mode>(
      { mode, payload, workspaceId, save }: CreateRun<M>,
      options?: CreateOptions,
    ) {
      const body = { mode, payload: payload ?? {}, workspace_id: workspaceId, save };
      return createRunHandle<M>(
        http,
        await createOnce<Run>(http, { path: "/v1/runs", body }, options),
      );
    },
    get: async <M extends Mode = Mode>(id: string) =>
      createRunHandle<M>(
        http,
        await http.json<Run>({ path: `/v1/runs/${encodeURIComponent(id)}` }),
      ),
    list: ({ workspaceId, ...query } = {}) =>
      http.json<RunPage>({ path: "/v1/runs", query: { ...query, workspace_id: workspaceId } }),
  };
}

function createPipelines(http: Http): Cmo["pipelines"] {
  const at = (id: string) => `/v1/pipelines/${encodeURIComponent(id)}`;
  return {
    create: ({ steps, payload, workspaceId }, options) => {
      const body = { steps, payload: payload ?? {}, workspace_id: workspaceId };
      return createOnce<Pipeline>(http, { path: "/v1/pipelines", body }, options);
    },
    get: (id) => http.json<Pipeline>({ path: at(id) }),
    cancel: (id) => http.json<Pipeline>({ method: "POST", path: `${at(id)}/cancel` }),
  };
}
