import { expect, test } from "vitest";
import { AppError } from "../runtime/index.ts";
import { toDatabaseError } from "./database-error.ts";

test("a refusal keeps its code and the members for the caller", () => {
  const details = '{"workspaces":[{"id":"1","name":"One"}]}';
  const error = toDatabaseError(
    { name: "create_run", caller: "user" },
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
    { name: "create_run", caller: "user" },
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
  expect(toDatabaseError({ name: "agent_runs", caller: "user" }, failure, status)).toMatchObject({
    code: "database_unavailable",
    retryAfterSeconds: 2,
  });
});

test.each([
  ["an unknown function", "PGRST202", 404],
  ["an ambiguous function", "PGRST203", 300],
  ["an unknown column", "PGRST204", 400],
  ["an unknown table", "PGRST205", 404],
  ["a function that a function calls", "42883", 404],
])(
  "%s means that the schema cache is stale: an outage whose sentence says so",
  (_, code, status) => {
    const failure = { code, message: "Could not find it in the schema cache" };
    const error = toDatabaseError({ name: "finalize_run", caller: "worker" }, failure, status);
    expect(error).toMatchObject({ code: "database_unavailable" });
    expect(error.cause).toMatchObject({
      code,
      message: expect.stringMatching(
        `^The database does not know .*finalize_run yet \\(${code}\\): its schema cache is being`,
      ),
    });
  },
);

test("the page of a proxy is quoted in part", () => {
  const failure = { message: "x".repeat(1_000_000) };
  const error = toDatabaseError({ name: "finalize_run", caller: "worker" }, failure, 520);
  expect(error.cause).toMatchObject({ code: "520" });
  expect(String(error.cause).length).toBeLessThan(500);
});

test.each([
  ["JWT issued at future", "PGRST303"],
  ["No suitable key or wrong key type", "PGRST301"],
  ["Invalid API key", undefined],
])("a token refused with %j is an outage, because a new one would not help", (message, code) => {
  const failure = { message, ...(code ? { code } : {}) };
  for (const caller of ["user", "worker"] as const) {
    const error = toDatabaseError({ name: "create_run", caller }, failure, 401);
    expect(error).toMatchObject({ code: "database_unavailable", retryAfterSeconds: 2 });
  }
});

test("an expired key of a worker is an outage", () => {
  const failure = { code: "PGRST303", message: "JWT expired" };
  const error = toDatabaseError({ name: "claim_run", caller: "worker" }, failure, 401);
  expect(error).toMatchObject({ code: "database_unavailable" });
});

test("a user's token that has expired is expired_token", () => {
  const failure = { code: "PGRST303", message: "JWT expired" };
  expect(toDatabaseError({ name: "agent_runs", caller: "user" }, failure, 401)).toMatchObject({
    code: "expired_token",
  });
});

test.each([
  ["a column that does not exist", { code: "42703", message: "column x does not exist" }, 400],
  ["a code that is not in the error table", { code: "PT418", message: "teapot" }, 418],
])("%s is a bug", (_, failure, status) => {
  expect(
    toDatabaseError({ name: "agent_runs", caller: "user" }, failure, status),
  ).not.toBeInstanceOf(AppError);
});
