import { createServer } from "node:http";
import type { ErrorCode } from "@cmo/shared/contract";
import { AppError, systemClock } from "@cmo/shared/runtime";
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { createTokenVerifier, type VerifiedToken } from "./verify-token.ts";

const SECRET = "a-secret-that-is-long-enough-for-hs256";
const USER = "11111111-1111-4111-8111-111111111111";
const now = Math.floor(Date.now() / 1000);
const claims = { sub: USER, role: "authenticated", aud: "authenticated", exp: now + 60 };

const user = { userId: USER, expiresAt: claims.exp * 1000 };

const keys = await generateKeyPair("ES256");
const rsaKeys = await generateKeyPair("RS256");
const strangers = await generateKeyPair("ES256");
const published = JSON.stringify({
  keys: [
    { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "ES256" },
    { ...(await exportJWK(rsaKeys.publicKey)), kid: "two", alg: "RS256" },
  ],
});
let fetches: string[] = [];
let isUp = true;
const project = createServer((request, response) => {
  fetches.push(request.url ?? "");
  response.writeHead(isUp ? 200 : 500, { "content-type": "application/json" });
  response.end(published);
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

function sign(
  payload: Record<string, unknown>,
  key: CryptoKey | Uint8Array,
  header: JWTHeaderParameters,
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

function signEs256(payload: Record<string, unknown>, kid = "one", key = keys.privateKey) {
  return sign(payload, key, { alg: "ES256", kid });
}

async function codeOf(verifying: Promise<VerifiedToken>): Promise<ErrorCode> {
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
    expect(await verify(await signHs256(claims))).toEqual(user);
    expect(await verify(await signHs256({ ...claims, iss: "anybody" }))).toEqual(user);
  });

  test("a configured issuer is required", async () => {
    const rules = { supabaseUrl: "", jwtSecret: SECRET, issuer: "us", clock: systemClock };
    const strict = createTokenVerifier(rules);
    expect(await strict(await signHs256({ ...claims, iss: "us" }))).toEqual(user);
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

  test("project keys have another error than invalid tokens", async () => {
    expect(await codeOf(verify("sb_publishable_x"))).toBe("project_key_sent_as_token");
    expect(await codeOf(verify("sb_secret_x"))).toBe("project_key_sent_as_token");
    expect(await codeOf(verify("x.y.z"))).toBe("invalid_token");
  });
});

describe("a project that publishes its keys", () => {
  const issued = () => ({ ...claims, iss: `${supabaseUrl}/auth/v1` });

  const newVerifier = () => createTokenVerifier({ supabaseUrl, clock: systemClock });

  test("its users' tokens name them, by either kind of key, from one fetch", async () => {
    const verify = newVerifier();
    fetches = [];
    expect(await verify(await signEs256(issued()))).toEqual(user);
    const rsa = await sign(issued(), rsaKeys.privateKey, { alg: "RS256", kid: "two" });
    expect(await verify(rsa)).toEqual(user);
    expect(fetches).toEqual(["/auth/v1/.well-known/jwks.json"]);
  });

  test.each([
    ["expired", "expired_token", { exp: now - 1 }],
    ["not yet valid", "invalid_token", { nbf: now + 600 }],
    ["issued in the future", "invalid_token", { iat: now + 600 }],
    ["endless", "invalid_token", { exp: undefined }],
    ["for others", "invalid_token", { aud: "others" }],
    ["of another issuer", "invalid_token", { iss: "https://other.example/auth/v1" }],
    ["of no issuer", "invalid_token", { iss: undefined }],
    ["without a user", "invalid_token", { sub: undefined }],
    ["of no role", "invalid_token", { role: undefined }],
  ])("a token that is %s is refused with %s", async (_name, code, changed) => {
    const token = await signEs256({ ...issued(), ...changed });
    expect(await codeOf(newVerifier()(token))).toBe(code);
  });

  test("a key that a token names itself is not trusted, and not fetched", async () => {
    const verify = newVerifier();
    const jwk = await exportJWK(strangers.publicKey);
    fetches = [];
    for (const more of [
      { jwk },
      { jku: `${supabaseUrl}/theirs` },
      { x5u: `${supabaseUrl}/theirs` },
      { x5c: ["MIIB"] },
      { kid: `${supabaseUrl}/theirs` },
    ]) {
      const header = { alg: "ES256", kid: "one", ...more };
      const token = await sign(issued(), strangers.privateKey, header);
      expect(await codeOf(verify(token))).toBe("invalid_token");
    }
    expect(new Set(fetches)).toEqual(new Set(["/auth/v1/.well-known/jwks.json"]));
  });

  test("foreign keys, unsigned tokens and the public key as a secret are refused", async () => {
    const verify = newVerifier();
    const secret = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    for (const token of [
      await signEs256(issued(), "one", strangers.privateKey),
      await sign(issued(), secret, { alg: "HS256" }),
      await sign(issued(), secret, { alg: "HS256", kid: "one" }),
      await sign(issued(), rsaKeys.privateKey, { alg: "RS256", kid: "one" }),
      new UnsecuredJWT(issued()).encode(),
    ]) {
      expect(await codeOf(verify(token))).toBe("invalid_token");
    }
  });

  test("a flood of unknown key ids causes one fetch in 30 s", async () => {
    const verify = newVerifier();
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, at) => signEs256(issued(), `../../${at}`)),
    );
    const flood = async () => {
      const codes = await Promise.all(tokens.map((token) => codeOf(verify(token))));
      for (const token of tokens) codes.push(await codeOf(verify(token)));
      expect(new Set(codes)).toEqual(new Set(["invalid_token"]));
    };
    fetches = [];
    await flood();
    expect(fetches).toHaveLength(1);

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    onTestFinished(() => void vi.useRealTimers());
    await flood();
    expect(fetches).toHaveLength(2);
  });

  test("keys that cannot be fetched are an outage, not a bad token", async () => {
    isUp = false;
    const verify = newVerifier();
    expect(await codeOf(verify(await signEs256(issued())))).toBe("auth_unavailable");
    isUp = true;
    const gone = createTokenVerifier({ supabaseUrl: "http://127.0.0.1:1", clock: systemClock });
    expect(await codeOf(gone(await signEs256(issued())))).toBe("auth_unavailable");
  });
});
