/** What the load generator is asked to do, and what it reports. */

/** How to get the stream of a run: by one request, or by LangGraph's three. */
export interface Target {
  readonly dialect: "post" | "get" | "langgraph";
  readonly url: string;
  /** Spread over the requests in turn; empty for a system without a sign-in. */
  readonly tokens: readonly string[];
  readonly body: string;
}

export interface OpenOptions {
  readonly target: Target;
  readonly count: number;
  /** Starts a second. */
  readonly perSecond: number;
  /** Beside the streams that are open, instead of in their place. */
  readonly more?: boolean;
  /** How long after the last start every stream must have text. */
  readonly textWithinMs: number;
}

export interface Opened {
  readonly opened: number;
  readonly withText: number;
  /** From each stream's own start. */
  readonly firstTextMs: readonly number[];
  /** From the first start of all. */
  readonly firstTextAtMs: readonly number[];
  readonly errors: readonly string[];
}

export interface Measured {
  readonly wallMs: number;
  readonly chunks: number;
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface Closed {
  /** Streams that ended by themselves with a complete answer. */
  readonly completed: number;
  readonly chunks: number;
  /** Chunks that were skipped by a later one. */
  readonly lost: number;
  readonly errors: readonly string[];
}

export interface RequestLoop {
  readonly method: "GET" | "POST";
  /** Taken in turn. */
  readonly urls: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens: readonly string[];
  /** `{{run_id}}` is replaced by the id of a new run in each request. */
  readonly body: string | null;
  readonly concurrency: number;
  readonly forMs: number;
}

export interface LoopReport {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface ReplayOptions {
  readonly url: string;
  readonly token: string;
  readonly times: number;
  readonly concurrency: number;
}

export interface ReplayReport {
  readonly ms: readonly number[];
  readonly events: number;
  readonly bytes: number;
}

export interface IdleReport {
  readonly open: number;
  readonly keepAlives: number;
  /** Between two comment lines of one stream. */
  readonly gapMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

export type LoadCalls = {
  readonly open: { readonly question: OpenOptions; readonly answer: Opened };
  readonly measure: { readonly question: { readonly ms: number }; readonly answer: Measured };
  /** Waits for the streams to end; those that have not are destroyed. */
  readonly close: { readonly question: { readonly withinMs: number }; readonly answer: Closed };
  readonly loop: { readonly question: RequestLoop; readonly answer: LoopReport };
  readonly replay: { readonly question: ReplayOptions; readonly answer: ReplayReport };
  readonly openIdle: {
    readonly question: { readonly urls: readonly string[]; readonly token: string };
    readonly answer: { readonly open: number; readonly errors: readonly string[] };
  };
  readonly measureIdle: { readonly question: { readonly ms: number }; readonly answer: IdleReport };
};
