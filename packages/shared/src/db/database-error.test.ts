import { expect, test } from "vitest";
import { AppError } from "../runtime/index.ts";
import { toDatabaseError } from "./database-error.ts";

test("a refusal keeps its code and the members for the caller", () => {
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

test("a refusal with issues names the first one in its message", () => {
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
  ["a lock that timed out", { code: "55P03", message: "lock timeout" }, 500],
  ["a disk failure", { code: "58030", message: "could not read block" }, 500],
  ["an internal error of the server", { code: "XX000", message: "cache lookup failed" }, 500],
  ["a proxy without a server behind it", { message: "Bad gateway" }, 502],
  ["a proxy that fails", { message: "<html>" }, 520],
  ["a proxy that limits the rate", { message: "Too many requests" }, 429],
])("%s is an outage and may be retried", (_, failure, status) => {
  expect(toDatabaseError("agent_runs", failure, status)).toMatchObject({
    code: "database_unavailable",
    retryAfterSeconds: 2,
  });
});

test("a token that Supabase refuses is expired_token", () => {
  const failure = { code: "PGRST303", message: "JWT expired" };
  expect(toDatabaseError("agent_runs", failure, 401)).toMatchObject({ code: "expired_token" });
});

test.each([
  ["a column that does not exist", { code: "42703", message: "column x does not exist" }, 400],
  ["a code that is not in the error table", { code: "PT418", message: "teapot" }, 418],
])("%s is a bug", (_, failure, status) => {
  expect(toDatabaseError("agent_runs", failure, status)).not.toBeInstanceOf(AppError);
});
