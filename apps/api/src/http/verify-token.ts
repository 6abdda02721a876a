/**
 * Verifies that a token was signed by the project for one of its users. The algorithm and the key
 * come from the configuration, never from the token.
 */
import { type AppError, type Clock, expectedError } from "@cmo/shared/runtime";
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { z } from "zod";
import { CLOCK_SKEW_SECONDS, OUTAGE_RETRY_SECONDS } from "../policy.ts";

export interface VerifiedToken {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Resolves to the user of the token; throws an expected error when the token is invalid. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

export interface TokenRules {
  readonly supabaseUrl: string;
  readonly jwtSecret?: string | undefined;
  readonly issuer?: string | undefined;
  readonly clock: Clock;
}

/** The algorithms of the asymmetric signing keys of Supabase. */
const PUBLISHED_KEY_ALGORITHMS = ["ES256", "RS256"];

const claimsSchema = z.object({
  sub: z.guid(),
  // guards G15: role
  role: z.literal("authenticated"),
  exp: z.number(),
  iat: z.number().optional(),
});

export function createTokenVerifier(rules: TokenRules): VerifyToken {
  const verifySignature = rules.jwtSecret ? withSecret(rules, rules.jwtSecret) : withKeySet(rules);
  return async (token) => {
    if (isProjectKey(token)) throw expectedError("project_key_sent_as_token");
    const now = new Date(rules.clock.now());
    const payload = await verifySignature(token, now).catch(rejectToken);
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw invalidToken(claims.error);
    const { sub, exp, iat = 0 } = claims.data;
    if (iat > now.getTime() / 1000 + CLOCK_SKEW_SECONDS) throw invalidToken();
    return { userId: sub, expiresAt: exp * 1000 };
  };
}

type VerifySignature = (token: string, now: Date) => Promise<unknown>;

/** Projects on HS256 omit the issuer in some tokens, so it is verified only when configured. */
function withSecret({ issuer }: TokenRules, secret: string): VerifySignature {
  const key = new TextEncoder().encode(secret);
  const options: JWTVerifyOptions = {
    algorithms: ["HS256"],
    audience: "authenticated",
    ...(issuer ? { issuer } : {}),
  };
  return async (token, currentDate) =>
    (await jwtVerify(token, key, { ...options, currentDate })).payload;
}

function withKeySet({ supabaseUrl, issuer }: TokenRules): VerifySignature {
  const authUrl = `${supabaseUrl}/auth/v1`;
  // Unknown key ids cause at most one fetch in 30 s. Keys are cached for 10 minutes.
  const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(`${authUrl}/.well-known/jwks.json`));
  const options: JWTVerifyOptions = {
    algorithms: PUBLISHED_KEY_ALGORITHMS,
    audience: "authenticated",
    issuer: issuer ?? authUrl,
  };
  return async (token, currentDate) =>
    (await jwtVerify(token, keys, { ...options, currentDate })).payload;
}

/** A mistake of existing clients, which has an error of its own that explains what to send. */
function isProjectKey(token: string): boolean {
  if (/^sb_(publishable|secret)_/.test(token)) return true;
  try {
    const role = decodeJwt<{ role?: unknown }>(token).role;
    return role === "anon" || role === "service_role";
  } catch {
    // Not a JWT: the verification reports it.
    return false;
  }
}

function rejectToken(error: unknown): never {
  if (error instanceof errors.JWTExpired) {
    throw expectedError("expired_token", { cause: error });
  }
  if (isOutage(error)) {
    const retryAfterSeconds = OUTAGE_RETRY_SECONDS;
    throw expectedError("auth_unavailable", { cause: error, retryAfterSeconds });
  }
  throw invalidToken(error);
}

/** True when the key set could not be fetched or read. Other errors concern the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);
}

function invalidToken(cause?: unknown): AppError {
  return expectedError("invalid_token", { cause });
}
