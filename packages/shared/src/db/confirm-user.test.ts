/**
 * The answers of `GET /auth/v1/user` as they are recorded: those of Auth itself, in the forms of its
 * versions, and those of the API gateway in front of it (Kong, or that of hosted projects).
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createAuthClient } from "./clients.ts";
import { confirmUser } from "./confirm-user.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function confirmWith(status: number, body: object | string, headers = {}) {
  const server = createServer((_, response) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  });
  closers.push(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = createAuthClient({
    url: `http://127.0.0.1:${port}`,
    publishableKey: "sb_publishable_test",
  });
  return confirmUser(client, "a.b.c");
}

const VERSION = { "x-supabase-api-version": "2024-01-01" };
const NO_SESSION = "Session from session_id claim in JWT does not exist";
const UNVERIFIED = "invalid JWT: unable to parse or verify signature, signature is invalid";

test("a user is confirmed", async () => {
  const id = "6f1f6c2e-27a4-4d0f-8f55-1f1cb4a3c3a1";
  expect(await confirmWith(200, { id, aud: "authenticated" })).toEqual({ kind: "user", id });
});

describe("a session has ended when Auth says so", () => {
  test.each([
    [
      "a session that is gone",
      403,
      { code: 403, error_code: "session_not_found", msg: NO_SESSION },
    ],
    ["a token that it cannot verify", 403, { code: 403, error_code: "bad_jwt", msg: UNVERIFIED }],
    ["a user that is gone", 403, { code: 403, error_code: "user_not_found", msg: "User" }],
    ["a user that is banned", 403, { code: 403, error_code: "user_banned", msg: "Banned" }],
    ["a token, before errors had codes", 401, { code: 401, msg: UNVERIFIED }],
    ["a user, before errors had codes", 404, { code: 404, msg: "User not found" }],
  ])("%s", async (_, status, body) => {
    expect(await confirmWith(status, body)).toEqual({ kind: "refused" });
  });

  test.each(["session_not_found", "bad_jwt"])("%s, with its newer form", async (code) => {
    expect(await confirmWith(403, { code, message: "Said." }, VERSION)).toEqual({
      kind: "refused",
    });
  });
});

describe("nothing is known of a session", () => {
  const hint = "Double check your Supabase `anon` or `service_role` API key.";

  test.each([
    ["a key that hosted projects do not know", 401, { message: "Invalid API key", hint }],
    ["a key of the new kind that is not known", 401, { message: "Unregistered API key" }],
    ["a key of the old kind after its end", 401, { message: "Legacy API keys are disabled" }],
    ["a key that Kong does not know", 401, { message: "Invalid authentication credentials" }],
    ["a key that did not arrive", 401, { message: "No API key found in request" }],
    ["a group that Kong does not admit", 403, { message: "You cannot consume this service" }],
    ["a route that Kong does not have", 404, { message: "no Route matched with those values" }],
    ["a rate limit", 429, { code: 429, error_code: "over_request_rate_limit", msg: "Slow" }],
    ["an outage", 503, { message: "name resolution failed" }],
    ["a web page", 403, "<html>"],
  ])("%s", async (_, status, body) => {
    expect(await confirmWith(status, body)).toMatchObject({ kind: "unavailable" });
  });

  test("and the reason is for the log, in bounds", async () => {
    const { reason } = Object(
      await confirmWith(401, { message: `Invalid API key${"!".repeat(9e5)}` }),
    );
    expect(reason).toMatch(/^Auth answered 401: Invalid API key!/);
    expect(reason.length).toBeLessThan(400);
  });
});
