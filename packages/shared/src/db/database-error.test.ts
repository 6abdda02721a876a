import { expect, test } from "vitest";
import { AppError } from "../runtime/index.ts";
import { toDatabaseError } from "./database-error.ts";

test("a refusal of the ledger keeps its code and what it says for the caller", () => {
  const details = '{"workspaces":[{"id":"1","name":"One"}]}';
  const error = toDatabaseError(
    "create_run",
    { code: "PT400", message: "workspace_required", details },
    400,
  );
  expect(error).toMatchObject({
    code: "workspace_required",
    members: { workspaces: [{ id: "1", name: "One" }] },
  });
});

test("what is wrong with the request is said where the ledger knows it", () => {
  const details = '{"issues":[{"path":"planId","message":"Names no marketing plan"}]}';
  const error = toDatabaseError(
    "create_run",
    { code: "PT400", message: "invalid_input", details },
    400,
  );
  expect(error).toMatchObject({
    code: "invalid_input",
    message: "planId: Names no marketing plan",
    issues: [{ path: "planId", message: "Names no marketing plan" }],
    members: {},
  });
});

test.each([
  ["no answer at all", { message: "TypeError: fetch failed" }, 0],
  ["a lost connection", { code: "57P01", message: "terminating connection" }, 500],
  ["too many connections", { code: "53300", message: "too many clients" }, 500],
  ["a statement that took too long", { code: "57014", message: "canceling statement" }, 500],
  ["a deadlock", { code: "40P01", message: "deadlock detected" }, 500],
  ["a lock that was not to be had in time", { code: "55P03", message: "lock timeout" }, 500],
  ["a disk in trouble", { code: "58030", message: "could not read block" }, 500],
  ["a server in trouble", { code: "XX000", message: "cache lookup failed" }, 500],
  ["a proxy without its server", { message: "Bad gateway" }, 502],
  ["a proxy in trouble of its own", { message: "<html>" }, 520],
  ["a proxy that has had enough of us", { message: "Too many requests" }, 429],
])("%s is an outage, to be tried again", (_, failure, status) => {
  expect(toDatabaseError("agent_runs", failure, status)).toMatchObject({
    code: "database_unavailable",
    retryAfterSeconds: 2,
  });
});

test("a token that Supabase no longer takes is the caller's to renew", () => {
  const failure = { code: "PGRST303", message: "JWT expired" };
  expect(toDatabaseError("agent_runs", failure, 401)).toMatchObject({ code: "expired_token" });
});

test.each([
  ["a column that does not exist", { code: "42703", message: "column x does not exist" }, 400],
  ["a code that the table does not know", { code: "PT418", message: "teapot" }, 418],
])("%s is a bug", (_, failure, status) => {
  expect(toDatabaseError("agent_runs", failure, status)).not.toBeInstanceOf(AppError);
});
