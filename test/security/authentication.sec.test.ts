import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { createTenant, createUser } from "../support/tenant.ts";
import { callApi, expectProblem } from "./support/call-api.ts";
import { expectLogWithout } from "./support/process-log.ts";

const { user } = await createTenant();

test("S09: the token of a user who was deleted is refused as soon as its confirmation is forgotten", async () => {
  const { id, token } = await createUser();
  expect((await callApi("/v1/runs", { token })).status).toBe(200);
  await query("delete from auth.users where id = $1", [id]);
  const answer = await eventually(
    () => callApi("/v1/runs", { token }),
    ({ status }) => status !== 200,
    15_000,
  );
  expectProblem(answer, 401, "invalid_token");
});

test("S10: a token in the address is not taken, and not logged", async () => {
  const { token } = user;
  for (const name of ["access_token", "token", "apikey", "jwt"]) {
    const answer = await callApi(`/v1/runs?${name}=${token}`);
    expectProblem(answer, 401, "missing_token");
  }
  await expectLogWithout(token);
});

test("S14: there is no ticket that opens a stream without a token", async () => {
  for (const name of ["ticket", "stream_ticket", "key"]) {
    const path = `/v1/runs/${crypto.randomUUID()}/events?${name}=${user.token}`;
    expectProblem(await callApi(path), 401, "missing_token");
  }
});
