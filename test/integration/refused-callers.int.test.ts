/** Who may not submit, and for whom not: what every door answers to it. */
import { randomUUID } from "node:crypto";
import { newRunId } from "@cmo/shared/runtime";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startApi } from "../support/api.ts";
import { openDatabase } from "../support/database.ts";
import {
  type Answers,
  everywhere,
  knockEverywhere,
  nobody,
  none,
  type Submission,
  serviceKey,
  toRow,
  type Visitor,
  visit,
} from "../support/doors.ts";
import { openHttp } from "../support/http.ts";
import { placeRow, query } from "../support/query.ts";
import { expectRefused } from "../support/refusal-rows.ts";
import {
  addWorkspace,
  createMember,
  createTenant,
  createUser,
  mintToken,
} from "../support/tenant.ts";

const house = { db: await openDatabase(), apiUrl: (await startApi()).url };
afterAll(() => house.db.close());
const [mine, theirs] = [await createTenant(), await createTenant()];
const ordinary: Submission = { visitor: visit(mine.user), mode: "strategy", payload: "{}" };
const secret = `Quillfeather ${randomUUID()}`;
await placeRow("cmo_brand_profiles", { workspace_id: theirs.workspaceId, brand_name: secret });
const table = { house, ordinary, secret, workspaceIds: [mine, theirs].map((t) => t.workspaceId) };

type Asked = Partial<Submission>;
const here = { workspaceId: mine.workspaceId };
const there = { workspaceId: theirs.workspaceId };
const nowhere = { workspaceId: randomUUID() };
const ownTenant = { tenantId: mine.tenantId };
const ownId = { tenantId: mine.user.id };
const theirTenant = { tenantId: theirs.tenantId };
const noTenant = { tenantId: randomUUID() };
const inHeader = { headers: { "x-workspace-id": theirs.workspaceId } };
const payload = (members: object): Asked => ({ payload: JSON.stringify(members) });

/** Owns another workspace of the other tenant. */
const neighbour = await createUser();
await addWorkspace({ tenantId: theirs.tenantId, ownerId: neighbour.id });
const asNeighbour = { ...there, ...theirTenant, visitor: visit(neighbour) };
const viewer = await createMember(mine.workspaceId, "viewer");
const { id } = await createUser();
const anonymous = visit({ id, token: await mintToken({ sub: id, is_anonymous: true }) });
/** Supabase issues no such token, so that only SQL can meet it. */
const nameless = { caller: { role: "authenticated", userId: null }, token: null } as const;

const forbidden = everywhere(403, "workspace_forbidden");
const mismatch = everywhere(403, "tenant_mismatch");
const missing = everywhere(401, "missing_token");
const projectKey = everywhere(401, "project_key_sent_as_token");
const besides = none("REST takes it beside the token; the function matrix tries it in SQL");
const elsewhere = none("a token without a subject is one of the refused tokens");
const onlySql = { rest: elsewhere, native: elsewhere, kernel: elsewhere, agent: elsewhere };
const noHttp = { sql: none("the scope is an argument"), rest: none("the scope is an argument") };
const noText = { sql: none("the claim is a UUID"), rest: none("the claim is a UUID") };
const inFunctions = (answers: Answers): Answers => ({
  ...answers,
  ...noHttp,
  native: none("the body has no such member"),
});

const OFFERS: readonly [what: string, asked: Asked, answers: Answers, like?: Asked][] = [
  ["S16: a foreign workspace, as one that does not exist (leak 1)", there, forbidden, nowhere],
  ["S16: a foreign workspace, with an own tenant", { ...there, ...ownTenant }, forbidden],
  ["S16: a foreign workspace, with an own id as tenant", { ...there, ...ownId }, forbidden],
  ["S16: another workspace of the same tenant (leak 8)", asNeighbour, forbidden],
  ["S16: a foreign workspace in the payload", payload(there), inFunctions(forbidden)],
  ["S16: a foreign workspace in a header", inHeader, { ...forbidden, ...noHttp }],
  ["S15: another's tenant, as one that does not exist (leak 3)", theirTenant, mismatch, noTenant],
  ["S15: another's tenant, with an own workspace", { ...here, ...theirTenant }, mismatch],
  ["S15: another's tenant as tenantId", { members: theirTenant }, inFunctions(mismatch)],
  [
    "S15: another's tenant in the payload",
    payload({ tenant_id: theirs.tenantId }),
    inFunctions(mismatch),
  ],
  ["S15: a tenant that is no id", { tenantId: "health-check" }, { ...mismatch, ...noText }],
  ["S15: a tenant that is SQL", { tenantId: "' or true --" }, { ...mismatch, ...noText }],
  ["S31: a viewer", { visitor: visit(viewer) }, everywhere(403, "role_forbidden")],
  ["S08: an anonymous sign-in, in a workspace", { visitor: anonymous, ...here }, forbidden],
  ["S08: an anonymous sign-in, in none", { visitor: anonymous }, everywhere(403, "no_workspace")],
  [
    "a session that names no user",
    { visitor: nameless },
    { ...onlySql, sql: "PT401 invalid_token" },
  ],
  ["nobody", { visitor: nobody }, { ...missing, sql: "42501", rest: "401 42501" }],
  ["the service key", { visitor: serviceKey() }, { ...projectKey, sql: "42501", rest: besides }],
];

describe("refused at every door", () => {
  test.each(OFFERS)("%s", (_, asked, answers, like) =>
    expectRefused(table, { asked, answers, ...(like && { like }) }),
  );
});

test("S08: an anonymous sign-in is shown no runs, nor is another member of the tenant (leak 8)", async () => {
  const list = async ({ token }: Visitor, filter = `?workspace_id=${theirs.workspaceId}`) =>
    (await openHttp(`${house.apiUrl}/v1/runs${filter}`, { token })).json();
  const theirRun = { p_id: newRunId(), p_mode: "strategy", p_input: {} };
  await house.db.call(visit(theirs.user).caller, "create_run", theirRun);
  expect(await list(visit(theirs.user))).toMatchObject({ runs: [{ id: theirRun.p_id }] });
  for (const visitor of [anonymous, visit(neighbour)]) {
    expect(await list(visitor)).toEqual({ runs: [], next: null });
    expect(await list(visitor, "")).toEqual({ runs: [], next: null });
  }
});

test("several workspaces and none named: every door names the caller's, and no others", async () => {
  const caller = await createUser();
  const own = { ownerId: caller.id };
  const workspaceIds = [
    await addWorkspace({ tenantId: mine.tenantId, ...own }),
    await addWorkspace({ tenantId: theirs.tenantId, ...own }),
  ];
  const answers = everywhere(400, "workspace_required");
  const seen = await knockEverywhere(house, { ...ordinary, visitor: visit(caller) }, answers);
  expect(toRow(seen, answers)).toEqual(answers);
  const named = workspaceIds.sort().map((one) => ({ id: one, name: "Test workspace" }));
  for (const [door, { body }] of seen) expect(namedIn(body), door).toEqual(named);
});

test("somebody who has left a workspace is not answered with the run they had there", async () => {
  const member = await createMember(mine.workspaceId, "member");
  const key = randomUUID();
  const request = { ...ordinary, ...here, visitor: visit(member), key };
  await house.db.call(request.visitor.caller, "create_run", {
    p_id: newRunId(),
    p_mode: request.mode,
    p_input: request.payload,
    p_workspace_id: request.workspaceId,
    p_idempotency_key: key,
  });
  await query("delete from public.workspace_members where user_id = $1", [member.id]);
  await expectRefused(table, { asked: request, answers: forbidden });
});

const namedSchema = z.object({
  workspaces: z.array(z.strictObject({ id: z.guid(), name: z.string() })),
});

/** The workspaces that a refusal names: a member of a problem, or the detail of an error in SQL. */
function namedIn(body: unknown): { id: string; name: string }[] {
  const detailed = z.object({ details: z.string() }).safeParse(body).data?.details ?? body;
  const { workspaces } = namedSchema.parse(
    typeof detailed === "string" ? JSON.parse(detailed) : detailed,
  );
  return workspaces.sort((one, other) => (one.id < other.id ? -1 : 1));
}
