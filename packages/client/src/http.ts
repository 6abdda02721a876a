/** Requests to the API with the caller's token. A token that has expired is asked for anew, once. */
import { CmoError, errorOf, networkError } from "./errors.ts";

export interface CmoOptions {
  /** Of the API, without a path. */
  readonly url: string;
  /** The access token of the signed-in user; called for each request, so that it may change. */
  readonly getToken: () => Promise<string | null | undefined> | string | null | undefined;
  /** For tests and special environments. */
  readonly fetch?: typeof fetch;
}

interface HttpRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface Http {
  /** An answer that is no error; throws `CmoError`, or the reason of the signal. */
  send(request: HttpRequest): Promise<Response>;
  json<Answer>(request: HttpRequest): Promise<Answer>;
}

export function createHttp({ url, getToken, fetch: given }: CmoOptions): Http {
  const base = url.replace(/\/+$/, "");
  const fetcher = given ?? globalThis.fetch.bind(globalThis);

  async function attempt(request: HttpRequest): Promise<Response> {
    const token = await getToken();
    if (!token) {
      const message = "There is no session. Sign in and try again.";
      throw new CmoError(message, { code: "missing_token", status: 401 });
    }
    const { method = "GET", body, signal, headers } = request;
    try {
      return await fetcher(base + toPath(request), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ?? null,
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw networkError(error);
    }
  }

  async function send(request: HttpRequest): Promise<Response> {
    const first = await attempt(request);
    if (isSuccess(first)) return first;
    const error = await errorOf(first);
    if (error.code !== "expired_token") throw error;
    const second = await attempt(request);
    if (isSuccess(second)) return second;
    throw await errorOf(second);
  }

  return {
    send,
    json: async <Answer>(request: HttpRequest) => (await (await send(request)).json()) as Answer,
  };
}

const isSuccess = ({ ok, status }: Response) => ok || status === 304;

function toPath({ path, query = {} }: HttpRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}
