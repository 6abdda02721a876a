/**
 * The doors through which a run can be submitted: the SQL function as the caller's role, the same
 * function over REST, the native route, the kernel's route and the route of the agent's own
 * function. Whatever one of them refuses has to be refused by all.
 */
import { newRunId } from "@cmo/shared/runtime";
import { inject } from "vitest";
import { anon, type Caller, type Database, refusalOf, service, user } from "./database.ts";
import { type HttpCall, openHttp, readAnswer } from "./http.ts";
import { callRest } from "./rest.ts";
import type { TestUser } from "./tenant.ts";

/** Somebody as each door knows them. */
export interface Visitor {
  readonly caller: Caller;
  readonly token: string | null;
}

export const visit = ({ id, token }: TestUser): Visitor => ({ caller: user(id), token });
export const nobody: Visitor = { caller: anon, token: null };
export const serviceKey = (): Visitor => ({ caller: service, token: inject("stack").secretKey });

export interface Submission {
  readonly visitor: Visitor;
  readonly mode: unknown;
  /** JSON text, so that it can hold what no JavaScript value can; null for none at all. */
  readonly payload: string | null;
  readonly workspaceId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly key?: string | undefined;
  /** Further arguments of the function. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Further members of the bodies of the API. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Further headers to the API. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Refusal {
  /** `<SQLSTATE> <message>`, or `<status> <code>` over HTTP. */
  readonly answer: string;
  /** All that the caller is shown, without what differs from request to request. */
  readonly words: unknown;
  readonly body: unknown;
  /** None in SQL. */
  readonly headers: Headers;
}

/** What the doors need: a connection, and the address of the API. */
export interface House {
  readonly db: Database;
  readonly apiUrl: string;
}

type Knock = (house: House, submission: Submission) => Promise<Refusal>;

const DOORS = {
  sql: ({ db }, { visitor, ...submission }) => {
    const args = { ...argumentsOf(submission), p_input: submission.payload };
    return callFunction(db, visitor.caller, ["create_run", args]);
  },
  rest: (_, { visitor, ...submission }) =>
    knockAtRest("rpc/create_run", {
      token: visitor.token,
      body: withMember(argumentsOf(submission), "p_input", submission.payload ?? "null"),
    }),
  native: ({ apiUrl }, submission) =>
    knockAtApi(`${apiUrl}/v1/runs`, callOf(submission, bodyOf(submission))),
  kernel: ({ apiUrl }, submission) =>
    knockAtApi(`${apiUrl}/functions/v1/cmo-kernel`, callOf(submission, bodyOf(submission))),
  agent: ({ apiUrl }, submission) =>
    knockAtApi(
      `${apiUrl}/functions/v1/${AGENTS[String(submission.mode)]}`,
      callOf(submission, agentBodyOf(submission)),
    ),
} satisfies Record<string, Knock>;

const AGENTS: Readonly<Record<string, string>> = {
  strategy: "cmo-plan-90day",
  funnels: "cmo-funnel-architect",
  campaigns: "cmo-campaign-designer",
  content: "cmo-content-engine",
  optimization: "cmo-optimization-analyst",
};

export type Door = keyof typeof DOORS;

/** A door's answer, or why there is nothing to ask it. */
export type Cell = string | { readonly none: string };
export type Answers = Readonly<Record<Door, Cell>>;

export const none = (why: string): Cell => ({ none: why });

/** The same refusal at every door, but for the cells that are named. */
export function everywhere(status: number, code: string, but: Partial<Answers> = {}): Answers {
  const answer = `${status} ${code}`;
  const same = { rest: answer, native: answer, kernel: answer, agent: answer };
  return { sql: `PT${status} ${code}`, ...same, ...but };
}

export async function knockEverywhere(
  house: House,
  submission: Submission,
  answers: Answers,
): Promise<ReadonlyMap<Door, Refusal>> {
  const seen = new Map<Door, Refusal>();
  for (const [door, knock] of Object.entries(DOORS) as [Door, Knock][]) {
    if (typeof answers[door] === "string") seen.set(door, await knock(house, submission));
  }
  return seen;
}

/** The doors' answers beside the cells that have none, to be compared with a row of the table. */
export function toRow(seen: ReadonlyMap<Door, Refusal>, answers: Answers): Answers {
  const answered = [...seen].map(([door, { answer }]) => [door, answer]);
  return { ...answers, ...Object.fromEntries(answered) };
}

function argumentsOf(submission: Omit<Submission, "visitor">): Record<string, unknown> {
  const { mode, workspaceId, tenantId, key, args } = submission;
  return {
    p_id: newRunId(),
    p_mode: mode,
    ...(workspaceId === undefined ? {} : { p_workspace_id: workspaceId }),
    ...(tenantId === undefined ? {} : { p_tenant_claim: tenantId }),
    ...(key === undefined ? {} : { p_idempotency_key: key }),
    ...args,
  };
}

function bodyOf({ mode, workspaceId, tenantId, payload, members }: Submission): string {
  const scope = { mode, workspace_id: workspaceId, tenant_id: tenantId, ...members };
  return withMember(scope, "payload", payload);
}

/** There the payload is the body itself. */
function agentBodyOf({ workspaceId, tenantId, payload, members }: Submission): string {
  const scope = JSON.stringify({ workspaceId, tenantId, ...members });
  if (scope === "{}" || !payload?.startsWith("{")) return payload ?? "";
  return payload === "{}" ? scope : `${scope.slice(0, -1)},${payload.slice(1)}`;
}

function withMember(known: object, name: string, json: string | null): string {
  const text = JSON.stringify(known);
  return json === null ? text : `${text.slice(0, -1)},"${name}":${json}}`;
}

function callOf({ visitor, key, headers }: Submission, body: string): HttpCall {
  const own = key === undefined ? {} : { "idempotency-key": key };
  return { token: visitor.token, body, headers: { ...own, prefer: "respond-async", ...headers } };
}

/** The moment, the request's own id, and the address that was asked. */
const DATED = ["date", "x-request-id", "content-location"];
const INSIDE = /node_modules|\.ts:\d|postgres|redis|bullmq|supabase_/i;

/** Calls one of the public functions as the role that the caller has. */
export async function callFunction(
  db: Database,
  caller: Caller,
  [name, args]: readonly [name: string, args: Readonly<Record<string, unknown>>],
): Promise<Refusal> {
  const { code, message, detail } = await refusalOf(db.call(caller, name, args));
  const answer = code?.startsWith("PT") ? `${code} ${message}` : `${code}`;
  return { answer, words: { code, message, detail }, body: detail, headers: new Headers() };
}

export async function knockAtRest(path: string, call: HttpCall): Promise<Refusal> {
  const { status, code, headers, body } = await callRest(path, call);
  return {
    answer: `${status} ${code}`.trim(),
    words: wordsOf(status, headers, body),
    body,
    headers,
  };
}

export async function knockAtApi(url: string, call: HttpCall): Promise<Refusal> {
  const { status, headers, text } = await readAnswer(await openHttp(url, call));
  const body: unknown = JSON.parse(text);
  const isProblem = headers.get("content-type")?.startsWith("application/problem+json");
  const isPlain = isProblem && !INSIDE.test(text) && typeof body === "object" && body !== null;
  if (!isPlain || !("code" in body)) throw new Error(`${status} is no plain refusal: ${text}`);
  const words = wordsOf(status, headers, { ...body, request_id: null });
  return { answer: `${status} ${body.code}`, words, body, headers };
}

function wordsOf(status: number, headers: Headers, body: unknown): object {
  return { status, headers: [...headers].filter(([name]) => !DATED.includes(name)), body };
}
