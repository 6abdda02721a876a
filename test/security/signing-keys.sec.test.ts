import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { describe, expect, inject, test } from "vitest";
import { createAppProcess } from "../faults/app-process.ts";
import { closeAfter } from "../support/close-after.ts";
import { createTenant, mintToken } from "../support/tenant.ts";
import { callApi, expectProblem } from "./support/call-api.ts";
import { startPublishingProject } from "./support/publishing-project.ts";

const sub = crypto.randomUUID();
const project = await startPublishingProject();
const issuer = `${project.url}/auth/v1`;
const api = await startApiOf(project.url);
const claims = { sub, role: "authenticated" };

type SigningKey = Parameters<SignJWT["sign"]>[0];

/** An ordinary token but for its header, its key and `changes`. */
function sign(
  header: JWTHeaderParameters,
  key: SigningKey,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const payload = { ...claims, aud: "authenticated", iss: issuer, iat, exp: iat + 600, ...changes };
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

const ask = (token: string) =>
  fetch(`${api}/v1/runs`, { headers: { authorization: `Bearer ${token}` } });

async function expectRefused(token: string): Promise<void> {
  const response = await ask(token);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: "invalid_token" });
}

/** Past the check of the token, where this project has nothing to offer. */
async function expectVerified(token: string): Promise<void> {
  expect((await ask(token)).status).toBe(503);
}

const { ES256, RS256, EdDSA } = project.keys;
const good = () => sign({ alg: "ES256", kid: "ES256" }, ES256.privateKey);

test("S04: tokens of the two algorithms that projects sign with are taken", async () => {
  await expectVerified(await good());
  await expectVerified(await sign({ alg: "RS256", kid: "RS256" }, RS256.privateKey));
});

describe("S03: a good signature of another issuer or for another audience is refused", () => {
  test.each([
    ["another project", { iss: "https://other.supabase.co/auth/v1" }],
    ["nobody", { iss: undefined }],
    ["a longer name", { iss: `${issuer}/` }],
    ["another audience", { aud: "another-service" }],
  ])("S03: %s", async (_, changes) =>
    expectRefused(await sign({ alg: "ES256", kid: "ES256" }, ES256.privateKey, changes)),
  );
});

describe("S04: the algorithm is ours to choose, not the token's", () => {
  test("S04: none, in any spelling", async () => {
    const [, payload] = (await good()).split(".");
    for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
      const header = Buffer.from(JSON.stringify({ alg, typ: "JWT" })).toString("base64url");
      await expectRefused(`${header}.${payload}.`);
      await expectRefused(`${header}.${payload}.${(await good()).split(".")[2]}`);
    }
  });

  test("S04: the public key as the secret of a shared one", async () => {
    for (const [name, { publicKey }] of Object.entries({ ES256, RS256 })) {
      const secrets = [await exportSPKI(publicKey), JSON.stringify(await exportJWK(publicKey))];
      for (const secret of secrets) {
        const key = new TextEncoder().encode(secret);
        await expectRefused(await sign({ alg: "HS256", kid: name }, key));
      }
    }
  });

  test("S04: another algorithm, even of a published key", async () => {
    await expectRefused(await sign({ alg: "EdDSA", kid: "EdDSA" }, EdDSA.privateKey));
    const es384 = await generateKeyPair("ES384");
    await expectRefused(await sign({ alg: "ES384", kid: "ES256" }, es384.privateKey));
  });

  test("S04: where the project signs with a secret, only its own algorithm will do", async () => {
    const { user } = await createTenant();
    expect((await callApi("/v1/runs", { token: user.token })).status).toBe(200);
    const key = new TextEncoder().encode(inject("stack").jwtSecret.padEnd(64, "\0"));
    const [, payload] = (await mintToken({ sub: user.id })).split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const token of [
      await sign({ alg: "HS512" }, key, { sub: user.id }),
      await sign({ alg: "ES256", kid: "ES256" }, ES256.privateKey, { sub: user.id }),
      `${none}.${payload}.`,
    ]) {
      expectProblem(await callApi("/v1/runs", { token }), 401, "invalid_token");
    }
  });
});

describe("S05: a token does not say where its key is", () => {
  test("S05: a thousand unknown key ids cost one look at the key set at most", async () => {
    await expectVerified(await good());
    const before = project.fetches();
    const stranger = await generateKeyPair("ES256");
    for (let round = 0; round < 20; round += 1) {
      const tokens = Array.from({ length: 50 }, (_, index) =>
        sign({ alg: "ES256", kid: `${round}-${index}` }, stranger.privateKey),
      );
      await Promise.all(tokens.map(async (token) => expectRefused(await token)));
    }
    expect(project.fetches() - before).toBeLessThanOrEqual(1);
  });

  test("S05: addresses and keys in a header are not looked at", async () => {
    const mine = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(mine.publicKey);
    const url = `${project.url}/stray-keys.json`;
    for (const header of [
      { jku: url },
      { x5u: url },
      { jwk },
      { kid: "../../stray-keys" },
      { kid: url },
      { kid: "ES256", jku: url },
      { kid: "ES256", jwk },
    ]) {
      await expectRefused(await sign({ alg: "ES256", ...header }, mine.privateKey));
    }
    expect(project.strays()).toEqual([]);
  });
});

/** An API whose project publishes its keys; it shares this tier's Redis and nothing else. */
async function startApiOf(supabaseUrl: string): Promise<string> {
  const { environment, redisUrl, gatewayUrl } = inject("stack");
  const { SUPABASE_JWT_SECRET: _, ...others } = environment;
  const process_ = await createAppProcess({
    name: "api-of-published-keys",
    app: "api",
    environment: { ...others, SUPABASE_JWT_ISSUER: `${supabaseUrl}/auth/v1` },
    servers: { redisUrl, supabaseUrl, gatewayUrl },
    onLine: () => {},
  });
  closeAfter(() => process_.close());
  await process_.start();
  return `http://127.0.0.1:${process_.front.port}`;
}
