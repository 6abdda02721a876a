/** Requests as anybody on the network can make them, and what came back. */
import { problemSchema, type Run, runSchema } from "@cmo/shared/contract";
import { expect, inject } from "vitest";
import { eventually } from "../../support/eventually.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface ApiCall {
  /** Sent as the bearer. */
  readonly token?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, in a POST if no method is named. */
  readonly json?: unknown;
  /** Sent as it stands. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export function apiUrl(): string {
  const [url] = inject("stack").apiUrls;
  if (url === undefined) throw new Error("This tier's stack has no API.");
  return url;
}

/** The response itself, for streams that are read as they come. */
export function openApi(path: string, call: ApiCall = {}): Promise<Response> {
  const { token, json, headers, ...rest } = call;
  const body = json === undefined ? rest.body : JSON.stringify(json);
  return fetch(`${apiUrl()}${path}`, {
    ...rest,
    ...(body === undefined ? {} : { method: rest.method ?? "POST", body }),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
  });
}

export async function callApi(path: string, call: ApiCall = {}): Promise<Answer> {
  const response = await openApi(path, call);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The refusal that the attack has to meet: its status, its code, and nothing of the inside. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem = problemSchema.parse(JSON.parse(answer.text));
  expect(problem).toMatchObject({ status, code });
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|postgres|redis|bullmq|supabase_/i);
}

export function submit(
  token: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return callApi("/v1/runs", { token, json: { mode: "strategy", ...body }, headers });
}

/** A run that was accepted; anything else fails the test. */
export async function submitRun(
  token: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Run> {
  const answer = await submit(token, body);
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 202 });
  return runSchema.parse(JSON.parse(answer.text));
}

export async function readRun(token: string, id: string, query = ""): Promise<Run> {
  const { text } = await callApi(`/v1/runs/${id}${query}`, { token });
  return runSchema.parse(JSON.parse(text));
}

export function waitForEnd(token: string, id: string): Promise<Run> {
  const look = () => readRun(token, id, "?wait=10");
  return eventually(look, ({ status }) => status !== "running", 40_000);
}
