/** The API of the tier's stack, called as anybody on the network can call it. */
import { problemSchema, type Run, runSchema } from "@cmo/shared/contract";
import { expect, inject } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { type Answer, type HttpCall, openHttp, readAnswer } from "../../support/http.ts";

export function apiUrl(): string {
  const [url] = inject("stack").apiUrls;
  if (url === undefined) throw new Error("This tier's stack has no API.");
  return url;
}

export function openApi(path: string, call: HttpCall = {}): Promise<Response> {
  return openHttp(`${apiUrl()}${path}`, call);
}

export async function callApi(path: string, call: HttpCall = {}): Promise<Answer> {
  return readAnswer(await openApi(path, call));
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
