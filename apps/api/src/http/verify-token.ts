/**
 * Checks that a token was signed by the project for one of its users. How it must be signed is
 * configuration; nothing in a token chooses the algorithm or the key's origin.
 */
import { AppError, type Clock } from "@cmo/shared/runtime";
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

/** Resolves to whose token it is, or throws the error that says what is wrong with it. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>;

export interface TokenRules {
  readonly supabaseUrl: string;
  readonly jwtSecret?: string | undefined;
  readonly issuer?: string | undefined;
  readonly clock: Clock;
}

/** Algorithms of Supabase's asymmetric signing keys. */
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
    if (isProjectKey(token)) {
      throw new AppError(
        "project_key_sent_as_token",
        "You sent the project's key as the bearer token. Send the signed-in user's token: `session.access_token` of `supabase.auth.getSession()`.",
      );
    }
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

/** Projects on HS256 leave the issuer out of some tokens: it is checked when configured. */
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
  // Unknown key ids cost at most one fetch in 30 s, and keys are known for 10 minutes.
  const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(`${authUrl}/.well-known/jwks.json`));
  const options: JWTVerifyOptions = {
    algorithms: PUBLISHED_KEY_ALGORITHMS,
    audience: "authenticated",
    issuer: issuer ?? authUrl,
  };
  return async (token, currentDate) =>
    (await jwtVerify(token, keys, { ...options, currentDate })).payload;
}

/** The mistake of existing clients, told apart so that the answer can say what to send instead. */
function isProjectKey(token: string): boolean {
  if (/^sb_(publishable|secret)_/.test(token)) return true;
  try {
    const role = decodeJwt<{ role?: unknown }>(token).role;
    return role === "anon" || role === "service_role";
  } catch {
    // Not even a JWT: the verification says so.
    return false;
  }
}

function rejectToken(error: unknown): never {
  if (error instanceof errors.JWTExpired) {
    throw new AppError("expired_token", "The token has expired. Refresh the session, then retry.", {
      cause: error,
    });
  }
  if (isOutage(error)) {
    throw new AppError("auth_unavailable", "Tokens cannot be checked now. Try again in a moment.", {
      cause: error,
      retryAfterSeconds: OUTAGE_RETRY_SECONDS,
    });
  }
  throw invalidToken(error);
}

/** The key set could not be fetched or read; everything else is about the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);
}

function invalidToken(cause?: unknown): AppError {
  return new AppError(
    "invalid_token",
    "The token is not a valid access token of this project's users. Sign in again.",
    { cause },
  );
}
