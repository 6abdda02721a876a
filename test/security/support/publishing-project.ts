/**
 * A Supabase project that signs with published keys, as much of it as a token's check asks for.
 * Past the check everything is away, so that a good token is told by its 503 from a bad one's 401.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { decodeJwt, exportJWK, type GenerateKeyPairResult, generateKeyPair } from "jose";
import { closeAfter } from "../../support/close-after.ts";

export interface PublishingProject {
  readonly url: string;
  readonly keys: Readonly<Record<"ES256" | "RS256" | "EdDSA", GenerateKeyPairResult>>;
  /** How often the key set was asked for. */
  readonly fetches: () => number;
  /** What was asked for besides the paths of Supabase. */
  readonly strays: () => readonly string[];
}

export async function startPublishingProject(): Promise<PublishingProject> {
  const keys = {
    ES256: await generateKeyPair("ES256", { extractable: true }),
    RS256: await generateKeyPair("RS256", { extractable: true }),
    EdDSA: await generateKeyPair("EdDSA", { extractable: true }),
  };
  const published = await Promise.all(
    Object.entries(keys).map(async ([alg, { publicKey }]) => ({
      ...(await exportJWK(publicKey)),
      kid: alg,
    })),
  );
  let fetches = 0;
  const strays: string[] = [];

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/auth/v1/.well-known/jwks.json") {
      fetches += 1;
      return send(response, 200, { keys: published });
    }
    if (path === "/auth/v1/user") return send(response, 200, userOf(request));
    if (!/^\/(auth|rest)\/v1\//.test(path)) strays.push(path);
    return send(response, 503, { message: "away" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeAfter(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    keys,
    fetches: () => fetches,
    strays: () => strays,
  };
}

function userOf({ headers }: IncomingMessage): object {
  const { sub } = decodeJwt((headers.authorization ?? "").replace(/^Bearer /, ""));
  return { id: sub, aud: "authenticated", role: "authenticated", email: "a@b.test" };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify(body));
}
