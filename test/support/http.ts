/** Requests as anybody on the network can make them, and what came back. */
export interface HttpCall {
  /** Sent as the bearer. */
  readonly token?: string | null;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, in a POST if no method is named. */
  readonly json?: unknown;
  /** Sent as it stands, in a POST if no method is named. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The response itself, for streams that are read as they come. */
export function openHttp(url: string, call: HttpCall = {}): Promise<Response> {
  const { token = null, json, headers, ...rest } = call;
  const body = json === undefined ? rest.body : JSON.stringify(json);
  return fetch(url, {
    ...rest,
    ...(body === undefined ? {} : { method: rest.method ?? "POST", body }),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
}

export async function readAnswer(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}
