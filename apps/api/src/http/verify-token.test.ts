import { createServer } from "node:http";
import type { ErrorCode } from "@cmo/shared/contract";
import { AppError, systemClock } from "@cmo/shared/runtime";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokenVerifier } from "./verify-token.ts";

const SECRET = "a-secret-that-is-long-enough-for-hs256";
const USER = "11111111-1111-4111-8111-111111111111";
const now = Math.floor(Date.now() / 1000);
const claims = { sub: USER, role: "authenticated", aud: "authenticated", exp: now + 60 };

const keys = await generateKeyPair("ES256");
const strangers = await generateKeyPair("ES256");
let fetches = 0;
let isUp = true;
const project = createServer(async (_request, response) => {
  fetches += 1;
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "ES256" };
  response.writeHead(isUp ? 200 : 500, { "content-type": "application/json" });
  response.end(JSON.stringify({ keys: [jwk] }));
});
let supabaseUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    project.listen(0, "127.0.0.1", resolve);
  });
  const address = project.address();
  supabaseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => {
  project.close();
});

function signHs256(payload: Record<string, unknown>, secret = SECRET): Promise<string> {
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: "HS256" });
  return jwt.sign(new TextEncoder().encode(secret));
}

function signEs256(payload: Record<string, unknown>, kid = "one", key = keys.privateKey) {
  return new SignJWT(payload).setProtectedHeader({ alg: "ES256", kid }).sign(key);
}

async function codeOf(verifying: Promise<string>): Promise<ErrorCode> {
  const error = await verifying.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error.code;
  throw new Error(`Expected a refusal, not ${error}`);
}

describe("a project on HS256", () => {
  const verify = createTokenVerifier({ supabaseUrl: "", jwtSecret: SECRET, clock: systemClock });

  test("its users' tokens name them, with or without an issuer", async () => {
    expect(await verify(await signHs256(claims))).toBe(USER);
    expect(await verify(await signHs256({ ...claims, iss: "anybody" }))).toBe(USER);
  });

  test("an issuer that is configured is demanded", async () => {
    const rules = { supabaseUrl: "", jwtSecret: SECRET, issuer: "us", clock: systemClock };
    const strict = createTokenVerifier(rules);
    expect(await strict(await signHs256({ ...claims, iss: "us" }))).toBe(USER);
    expect(await codeOf(strict(await signHs256(claims)))).toBe("invalid_token");
  });

  test("no token chooses its own algorithm", async () => {
    const unsecured = new UnsecuredJWT(claims).encode();
    expect(await codeOf(verify(unsecured))).toBe("invalid_token");
    expect(await codeOf(verify(await signEs256(claims)))).toBe("invalid_token");
  });

  test.each([
    ["expired", "expired_token", { exp: now - 1 }],
    ["not yet valid", "invalid_token", { nbf: now + 600 }],
    ["issued in the future", "invalid_token", { iat: now + 600 }],
    ["endless", "invalid_token", { exp: undefined }],
    ["for others", "invalid_token", { aud: "others" }],
    ["without a user", "invalid_token", { sub: "somebody" }],
    ["of another role", "invalid_token", { role: "admin" }],
    ["of the anon key", "project_key_sent_as_token", { role: "anon" }],
    ["of the service key", "project_key_sent_as_token", { role: "service_role" }],
  ])("a token that is %s is refused with %s", async (_name, code, changed) => {
    expect(await codeOf(verify(await signHs256({ ...claims, ...changed })))).toBe(code);
  });

  test("keys that are no tokens are told from bad tokens", async () => {
    expect(await codeOf(verify("sb_publishable_x"))).toBe("project_key_sent_as_token");
    expect(await codeOf(verify("sb_secret_x"))).toBe("project_key_sent_as_token");
    expect(await codeOf(verify("x.y.z"))).toBe("invalid_token");
  });
});

describe("a project that publishes its keys", () => {
  const issued = () => ({ ...claims, iss: `${supabaseUrl}/auth/v1` });

  test("its users' tokens name them, and its own issuer is demanded", async () => {
    const verify = createTokenVerifier({ supabaseUrl, clock: systemClock });
    expect(await verify(await signEs256(issued()))).toBe(USER);
    expect(await codeOf(verify(await signEs256(claims)))).toBe("invalid_token");
  });

  test("strangers' keys, unsigned tokens and the public key as a secret open nothing", async () => {
    const verify = createTokenVerifier({ supabaseUrl, clock: systemClock });
    const strange = await signEs256(issued(), "one", strangers.privateKey);
    const confused = await signHs256(issued(), await exportSPKI(keys.publicKey));
    for (const token of [strange, confused, new UnsecuredJWT(issued()).encode()]) {
      expect(await codeOf(verify(token))).toBe("invalid_token");
    }
  });

  test("a flood of unknown key ids costs one fetch", async () => {
    const verify = createTokenVerifier({ supabaseUrl, clock: systemClock });
    fetches = 0;
    for (let count = 0; count < 20; count += 1) {
      const token = await signEs256(issued(), `../../${count}`);
      expect(await codeOf(verify(token))).toBe("invalid_token");
    }
    expect(fetches).toBe(1);
  });

  test("keys that cannot be fetched are an outage, not a bad token", async () => {
    isUp = false;
    const verify = createTokenVerifier({ supabaseUrl, clock: systemClock });
    expect(await codeOf(verify(await signEs256(issued())))).toBe("auth_unavailable");
    isUp = true;
    const gone = createTokenVerifier({ supabaseUrl: "http://127.0.0.1:1", clock: systemClock });
    expect(await codeOf(gone(await signEs256(issued())))).toBe("auth_unavailable");
  });
});
