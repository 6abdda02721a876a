import { expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../support/eventually.ts";
import { query } from "../support/query.ts";
import { createTenant, createUser } from "../support/tenant.ts";
import { callApi, expectProblem, submitRun } from "./support/call-api.ts";
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

const ticketSchema = z.object({ ticket: z.string(), url: z.string() });

async function issueTicket(token: string, runId: string) {
  const answer = await callApi(`/v1/runs/${runId}/ticket`, { token, method: "POST" });
  return ticketSchema.parse(JSON.parse(answer.text));
}

test("S14: a ticket opens one stream of its run, once, and is not logged", async () => {
  const run = await submitRun(user.token, {});
  const { ticket, url } = await issueTicket(user.token, run.id);
  expect((await callApi(url)).status).toBe(200);
  expectProblem(await callApi(url), 401, "invalid_ticket");

  const other = await submitRun(user.token, {});
  const second = await issueTicket(user.token, run.id);
  const foreign = `/v1/runs/${other.id}/events?ticket=${second.ticket}`;
  expectProblem(await callApi(foreign), 401, "invalid_ticket");
  // Whatever it was tried on, it is used.
  expectProblem(await callApi(second.url), 401, "invalid_ticket");
  for (const guess of [user.token, ticket.slice(1), "a".repeat(43), "%00"]) {
    const path = `/v1/runs/${run.id}/events?ticket=${guess}`;
    expectProblem(await callApi(path), 401, "invalid_ticket");
  }
  await expectLogWithout(ticket);
});

test("S14: a ticket of a user who was deleted meanwhile opens nothing", async () => {
  const { user: leaver } = await createTenant();
  const run = await submitRun(leaver.token, {});
  const { url } = await issueTicket(leaver.token, run.id);
  await query("delete from auth.users where id = $1", [leaver.id]);
  await eventually(
    () => callApi("/v1/runs", { token: leaver.token }),
    ({ status }) => status !== 200,
    15_000,
  );
  expectProblem(await callApi(url), 401, "invalid_token");
});
